// SPDX-License-Identifier: MIT
// The kernels that this machine can run, in turn.

#ifndef NNINIT_TESTS_PATHS_HPP
#define NNINIT_TESTS_PATHS_HPP

#include "catch.hpp"

#include <nninit/detail/kernels.hpp>

#include <vector>

namespace tests {

inline std::vector<nninit::detail::Path> paths() {
    std::vector<nninit::detail::Path> all;
    using enum nninit::detail::Path;
    for (const auto path : {portable, neon, avx2, avx512})
        if (nninit::detail::has(path)) all.push_back(path);
    return all;
}

/// Sets the kernels for a scope.
class Forced {
    nninit::detail::Path before_ = nninit::detail::path();

public:
    explicit Forced(nninit::detail::Path path) { nninit::detail::path() = path; }
    Forced(const Forced&) = delete;
    Forced& operator=(const Forced&) = delete;
    ~Forced() { nninit::detail::path() = before_; }
};

template <class Body> void on_each_path(const Body& body) {
    for (const auto path : paths()) {
        const Forced forced(path);
        CAPTURE(static_cast<int>(path));
        body();
    }
}

} // namespace tests

#endif
