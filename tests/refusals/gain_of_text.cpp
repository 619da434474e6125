// SPDX-License-Identifier: MIT
// REFUSED: nninit: gain takes a function of a double, or a nninit::Activation
#include <nninit/nninit.hpp>

double gain() {
#ifdef REFUSED
    return nninit::gain("relu");
#else
    return nninit::gain(nninit::activation("relu"));
#endif
}
