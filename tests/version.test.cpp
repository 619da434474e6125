// SPDX-License-Identifier: MIT
#include "catch.hpp"

#include <nninit/version.hpp>

#include <string>

TEST_CASE("the headers and CMake's package have one version") {
    const std::string version = std::to_string(NNINIT_VERSION_MAJOR) + "." +
                                std::to_string(NNINIT_VERSION_MINOR) + "." +
                                std::to_string(NNINIT_VERSION_PATCH);
    CHECK(version == PROJECT_VERSION);
}
