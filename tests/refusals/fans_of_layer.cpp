// SPDX-License-Identifier: MIT
// REFUSED: nninit: Fans::of takes a matrix; those of a layer are Fans\(layer\)
#include <nninit/nninit.hpp>

nninit::Fans fans(const nninit::Conv& layer) {
#ifdef REFUSED
    return nninit::Fans::of(layer);
#else
    return nninit::Fans(layer);
#endif
}
