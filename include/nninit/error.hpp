// SPDX-License-Identifier: MIT

#ifndef NNINIT_ERROR_HPP
#define NNINIT_ERROR_HPP

#include <nninit/detail/decimal.hpp>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nninit::inline NNINIT_ABI {

/// Receives the sentence that would have been the exception's text.
using ErrorHandler = void (*)(const char* message);

namespace detail::inline NNINIT_COMPILER {

inline void print_error(const char* message) {
    std::fputs(message, stderr);
    std::fputc('\n', stderr);
}
inline ErrorHandler& error_handler() {
    static ErrorHandler handler = print_error;
    return handler;
}

inline std::string text(std::string_view part) { return std::string(part); }
inline std::string text(double number) { return brief_decimal(number); }

inline std::string quoted(std::string_view part) {
    std::string text(1, '"');
    return text.append(part).append(1, '"');
}

/// Throws std::invalid_argument with the parts put together, or, in a program compiled without
/// exceptions, hands the sentence to the error handler and aborts.
template <class... Parts> [[noreturn]] void fail(const Parts&... parts) {
    std::string message("nninit: "); // GCC 12 warns of "..." + std::string where it inlines that
    (message.append(text(parts)), ...);
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
    throw std::invalid_argument(message);
#else
    error_handler()(message.c_str());
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
    detail::error_handler() = handler == nullptr ? detail::print_error : handler;
    return previous;
}

} // namespace nninit::inline NNINIT_ABI

#endif
