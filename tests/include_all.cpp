// SPDX-License-Identifier: MIT
// Linked into every test: a function in a header that lacks `inline` is then defined twice.
#include <nninit/nninit.hpp>
