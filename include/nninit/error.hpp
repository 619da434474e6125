// SPDX-License-Identifier: MIT

#ifndef NNINIT_ERROR_HPP
#define NNINIT_ERROR_HPP

#include <nninit/detail/decimal.hpp>

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nninit::inline NNINIT_ABI {

/// Receives the sentence that would have been the exception's text.
using ErrorHandler = void (*)(const char* message);

namespace detail {

inline void print_error(const char* message) {
    std::fputs(message, stderr);
    std::fputc('\n', stderr);
}
// One for the objects of all compilers, as whichever's set_error_handler is linked sets it.
inline ErrorHandler& error_handler() {
    static ErrorHandler handler = print_error;
    return handler;
}

} // namespace detail

namespace detail::inline NNINIT_COMPILER {

/// A piece of a sentence: text, or a number.
struct Part {
    std::string_view text;
    double number = 0;
    bool is_number = false;

    Part(const char* part) : text(part) {}
    Part(std::string_view part) : text(part) {}
    Part(const std::string& part) : text(part) {}
    Part(double part) : number(part), is_number(true) {}
};

inline std::string quoted(std::string_view part) {
    std::string text(1, '"');
    return text.append(part).append(1, '"');
}

/// Throws std::invalid_argument with the parts put together, or, in a program compiled without
/// exceptions, hands the sentence to the error handler and aborts.
[[noreturn]] NNINIT_COLD inline void refuse(std::initializer_list<Part> parts) {
    std::string message("nninit: ");
    for (const Part& part : parts)
        if (part.is_number)
            message.append(brief_decimal(part.number));
        else
            message.append(part.text);
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
    throw std::invalid_argument(message);
#else
    error_handler()(message.c_str());
    std::abort();
#endif
}
template <class... Parts> [[noreturn]] NNINIT_COLD void fail(const Parts&... parts) {
    detail::refuse({Part(parts)...});
}

} // namespace detail::inline NNINIT_COMPILER

/// Replaces the function that is called with the error's sentence in a program compiled without
/// exceptions, and returns the one that was in place. The default, and nullptr, print to stderr.
/// The program aborts when the handler returns. With exceptions, errors are std::invalid_argument
/// and no handler is called. Not thread-safe: call it before the first fill.
inline ErrorHandler set_error_handler(ErrorHandler handler) {
    const ErrorHandler previous = detail::error_handler();
    detail::error_handler() = handler == nullptr ? detail::print_error : handler;
    return previous;
}

} // namespace nninit::inline NNINIT_ABI

#endif
