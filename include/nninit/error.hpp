// SPDX-License-Identifier: MIT

#ifndef NNINIT_ERROR_HPP
#define NNINIT_ERROR_HPP

#include <nninit/detail/decimal.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

// One for a program's objects of all versions, compilers and ways to report errors, so that
// whichever set_error_handler is called sets it. nullptr stands for print_error.
namespace nninit::for_all_objects {
inline void (*error_handler)(const char* message) = nullptr;
} // namespace nninit::for_all_objects

namespace nninit::inline NNINIT_ABI {

/// Receives the sentence that would have been the exception's text.
using ErrorHandler = void (*)(const char* message);

namespace detail {

inline void print_error(const char* message) {
    std::fputs(message, stderr);
    std::fputc('\n', stderr);
}
inline ErrorHandler error_handler() {
    const ErrorHandler handler = for_all_objects::error_handler;
    return handler == nullptr ? print_error : handler;
}

} // namespace detail

namespace detail::inline NNINIT_COMPILER {

/// A piece of a sentence: text, or a number.
struct Part {
    const char* text = nullptr; // of a number: null
    std::size_t size;
    Decimal number;

    Part(std::string_view part) : text(part.data()), size(part.size()) {}
    Part(const char* part) : text(part), size(std::strlen(part)) {}
    Part(const std::string& part) : text(part.data()), size(part.size()) {}
    Part(const double& part) : number(brief_decimal(part)) { size = number.size; }

    char* copy_to(char* out) const {
        std::memcpy(out, text != nullptr ? text : number.text, size);
        return out + size;
    }
};

inline std::string quoted(std::string_view part) {
    std::string text(1, '"');
    return text.append(part).append(1, '"');
}

/// Throws std::invalid_argument with the parts put together, or, in a program compiled without
/// exceptions, hands the sentence to the error handler and aborts.
// Without std::string, whose functions would be a third of those of a file with one fill.
[[noreturn]] NNINIT_COLD inline void fail(std::initializer_list<Part> parts) {
    const Part start("nninit: ");
    std::size_t size = start.size + 1;
    for (const Part& part : parts) size += part.size;
    const struct Message {
        char* const text;
        ~Message() { delete[] text; }
    } message{new char[size]};
    char* end = start.copy_to(message.text);
    for (const Part& part : parts) end = part.copy_to(end);
    for (char* c = message.text; c != end; ++c)
        if (*c == '\0') *c = ' '; // of a name or a text; it would end the sentence
    *end = '\0';
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
    throw std::invalid_argument(message.text);
#else
    error_handler()(message.text);
    std::abort();
#endif
}

} // namespace detail::inline NNINIT_COMPILER

/// Replaces the function that is called with the error's sentence in a program compiled without
/// exceptions, and returns the one that was in place. The default, and nullptr, print to stderr.
/// The program aborts when the handler returns. With exceptions, errors are std::invalid_argument
/// and no handler is called. Not thread-safe: call it before the first fill.
inline ErrorHandler set_error_handler(ErrorHandler handler) {
    const ErrorHandler previous = detail::error_handler();
    for_all_objects::error_handler = handler;
    return previous;
}

} // namespace nninit::inline NNINIT_ABI

#endif
