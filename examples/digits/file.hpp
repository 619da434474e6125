// SPDX-License-Identifier: MIT
#ifndef DIGITS_FILE_HPP
#define DIGITS_FILE_HPP

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace digits {

[[noreturn]] inline void fail(const std::string& place, const std::string& message) {
    throw std::runtime_error(place + ": " + message);
}

inline std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    if (!in || !(bytes << in.rdbuf())) fail(path, "cannot be read or is empty");
    return bytes.str();
}

/// FNV-1a. Each step is one-to-one, so that no change of one byte alone goes unseen.
inline std::uint64_t hash(std::string_view bytes) {
    std::uint64_t h = 0xcbf29ce484222325;
    for (const char byte : bytes) h = (h ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    return h;
}

} // namespace digits

#endif
