// SPDX-License-Identifier: MIT
// REFUSED: nninit: gain takes a function of a double, but this one takes an integer
#include <nninit/nninit.hpp>

double gain_of_relu() {
#ifdef REFUSED
    return nninit::gain([](int x) { return x > 0 ? x : 0; });
#endif
    return nninit::gain([](double x) { return x > 0 ? x : 0; });
}
