// SPDX-License-Identifier: MIT
// REFUSED: nninit: kernel and stride have a number for each axis, in braces
#include <nninit/nninit.hpp>

nninit::Fans fans() {
#ifdef REFUSED
    return nninit::Conv{.in = 3, .out = 4, .kernel = 3};
#else
    return nninit::Conv{.in = 3, .out = 4, .kernel = {3}};
#endif
}
