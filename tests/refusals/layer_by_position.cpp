// SPDX-License-Identifier: MIT
// REFUSED: nninit: kernel and stride have a number for each axis, in braces
#include <nninit/nninit.hpp>

nninit::Fans fans() {
#ifdef REFUSED
    return nninit::Conv{3, 64, 3, 3, 1};
#else
    return nninit::Conv{3, 64, {3, 3}, 1};
#endif
}
