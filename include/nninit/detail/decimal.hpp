// SPDX-License-Identifier: MIT
// Numbers as decimal text and back, exactly rounded, to and from plain integers of many words: the
// same with every standard library, in every locale and under -ffast-math, without an allocation.

#ifndef NNINIT_DETAIL_DECIMAL_HPP
#define NNINIT_DETAIL_DECIMAL_HPP

#include <nninit/detail/arithmetic.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// A whole number below 2^5120. The largest met here is below 10^1127, from a number of 801 digits
/// near the least double.
struct BigInteger {
    static constexpr int most = 160;
    std::uint32_t words[most] = {}; // lowest first
    int size = 0;                   // words up to the highest that is not 0

    explicit BigInteger(std::uint64_t value) {
        for (; value != 0; value >>= 32) words[size++] = static_cast<std::uint32_t>(value);
    }

    NNINIT_COLD void multiply_add(std::uint32_t factor, std::uint32_t summand) {
        std::uint64_t carry = summand;
        for (int i = 0; i < size; ++i) {
            carry += std::uint64_t{words[i]} * factor;
            words[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        if (carry != 0) words[size++] = static_cast<std::uint32_t>(carry);
    }

    NNINIT_COLD void times_power_of_ten(int exponent) {
        for (; exponent >= 9; exponent -= 9) multiply_add(1000000000, 0);
        for (; exponent > 0; --exponent) multiply_add(10, 0);
    }

    NNINIT_COLD void shift_left(int bits) {
        for (; bits >= 31; bits -= 31) multiply_add(std::uint32_t{1} << 31, 0);
        if (bits > 0) multiply_add(std::uint32_t{1} << bits, 0);
    }

    int bit_length() const {
        return size == 0 ? 0 : 32 * (size - 1) + static_cast<int>(std::bit_width(words[size - 1]));
    }

    /// Negative, 0 or positive as this is less than, equal to or greater than the other.
    NNINIT_COLD int compare(const BigInteger& other) const {
        if (size != other.size) return size - other.size;
        for (int i = size; i-- > 0;)
            if (words[i] != other.words[i]) return words[i] < other.words[i] ? -1 : 1;
        return 0;
    }

    /// The other must not be greater.
    NNINIT_COLD void subtract(const BigInteger& other) {
        std::uint64_t borrow = 0;
        for (int i = 0; i < size; ++i) {
            const std::uint64_t difference =
                std::uint64_t{words[i]} - (i < other.size ? other.words[i] : 0) - borrow;
            words[i] = static_cast<std::uint32_t>(difference);
            borrow = difference >> 63;
        }
        while (size > 0 && words[size - 1] == 0) --size;
    }

    /// The digit before the point of base * this / divisor, where this is less than divisor; the
    /// remainder stays.
    NNINIT_COLD std::uint32_t next_digit(std::uint32_t base, const BigInteger& divisor) {
        multiply_add(base, 0);
        std::uint32_t digit = 0;
        for (; compare(divisor) >= 0; ++digit) subtract(divisor);
        return digit;
    }

    /// Whether what remains after an integer is more than half of the divisor, or half and odd.
    NNINIT_COLD bool rounds_up(const BigInteger& divisor, bool odd) {
        multiply_add(2, 0);
        const int to_half = compare(divisor);
        return to_half > 0 || (to_half == 0 && odd);
    }
};

/// Reads a whole text as a number: digits with a point and an exponent if need be, a sign before
/// them, or inf. Returns what is wrong with it, or nullptr, and only then sets x.
NNINIT_COLD inline const char* read_decimal(std::string_view text, double& x) {
    constexpr const char* not_a_number = "is not a number";
    constexpr std::uint64_t infinity = std::uint64_t{0x7ff} << 52;
    // No more digits matter: a number that lies half-way between two doubles has at most 768.
    constexpr int most_digits = 800;
    constexpr long long most_exponent = 1000000000;

    std::size_t i = 0;
    const auto at = [&](std::size_t k) { return k < text.size() ? text[k] : '\0'; };
    const auto is_digit = [&](std::size_t k) { return at(k) >= '0' && at(k) <= '9'; };
    const std::uint64_t sign = at(0) == '-' ? std::uint64_t{1} << 63 : 0;
    if (at(0) == '-' || at(0) == '+') ++i;
    if (text.substr(i) == "inf") {
        x = std::bit_cast<double>(sign | infinity);
        return nullptr;
    }

    // value = digits * 10^exponent
    BigInteger digits(0);
    int kept = 0;
    long long exponent = 0;
    bool any = false, point = false, dropped = false;
    for (; is_digit(i) || (at(i) == '.' && !point); ++i) {
        if (at(i) == '.') {
            point = true;
            continue;
        }
        any = true;
        if (point) --exponent;
        const auto digit = static_cast<std::uint32_t>(at(i) - '0');
        if (kept == most_digits) {
            ++exponent;
            dropped |= digit != 0;
        } else if (kept != 0 || digit != 0) {
            ++kept;
            digits.multiply_add(10, digit);
        }
    }
    if (!any) return not_a_number;
    if (at(i) == 'e' || at(i) == 'E') {
        ++i;
        const bool negative = at(i) == '-';
        if (at(i) == '-' || at(i) == '+') ++i;
        if (!is_digit(i)) return not_a_number;
        long long written = 0;
        for (; is_digit(i); ++i)
            if (written < most_exponent) written = 10 * written + (at(i) - '0');
        exponent += negative ? -written : written;
    }
    if (i != text.size()) return not_a_number;
    if (kept == 0) {
        x = std::bit_cast<double>(sign);
        return nullptr;
    }
    if (dropped) { // any digit above 0 there rounds as all of them would
        digits.multiply_add(10, 1);
        --exponent;
        ++kept;
    }
    constexpr const char* too_large = "is beyond the largest double, about 1.8e308";
    constexpr const char* too_small = "is nearer to 0 than any double is, about 4.9e-324";
    if (kept + exponent > 310) return too_large;
    if (kept + exponent < -325) return too_small;

    // value = digits / divisor * 2^binary, the quotient in [1/2, 1)
    BigInteger divisor(1);
    digits.times_power_of_ten(static_cast<int>(exponent));
    divisor.times_power_of_ten(static_cast<int>(-exponent));
    int binary = digits.bit_length() - divisor.bit_length();
    digits.shift_left(-binary);
    divisor.shift_left(binary);
    if (digits.compare(divisor) >= 0) {
        divisor.shift_left(1);
        ++binary;
    }
    const int precision = binary > -1021 ? 53 : 53 + binary + 1021; // fewer below 2^-1022
    if (precision < 0) return too_small;
    std::uint64_t bits = 0;
    for (int k = 0; k < precision; ++k) bits = 2 * bits + digits.next_digit(2, divisor);
    if (digits.rounds_up(divisor, bits % 2 != 0)) ++bits;
    if (bits == 0) return too_small;
    // The leading bit adds 1 to the exponent's field, as does a carry from rounding.
    if (binary > -1021) bits += static_cast<std::uint64_t>(binary + 1021) << 52;
    if (bits >= infinity) return too_large;
    x = std::bit_cast<double>(sign | bits);
    return nullptr;
}

/// The text of a number: at most 24 characters, as -1.2345678901234567e-308 has.
struct Decimal {
    char text[24] = {};
    std::size_t size = 0;

    void append(char letter) { text[size++] = letter; }
    void append(const char* letters, int n) {
        for (int i = 0; i < n; ++i) append(letters[i]);
    }
    void zeros(int n) {
        for (int i = 0; i < n; ++i) append('0');
    }
    operator std::string_view() const { return {text, size}; }
};

/// A number with so many significant digits (1 to 17), written as printf's %.*g writes it in the C
/// locale, but a NaN always nan: 0.1, 1e-05, 12345. From 10^widest on (at most 10^17) with an
/// exponent.
NNINIT_COLD inline Decimal write_decimal(const double& x, int digits, int widest) {
    const auto bits = bits_of(x);
    const auto field = static_cast<int>(bits >> 52 & 0x7ff);
    std::uint64_t mantissa = bits & ((std::uint64_t{1} << 52) - 1);
    const bool is_nan = field == 0x7ff && mantissa != 0;
    Decimal out;
    if (bits >> 63 != 0 && !is_nan) out.append('-');
    if (field == 0x7ff) {
        out.append(is_nan ? "nan" : "inf", 3);
        return out;
    }
    if (field == 0 && mantissa == 0) {
        out.append('0');
        return out;
    }

    // |x| = number / divisor * 10^exponent, the quotient in [1/10, 1)
    if (field != 0) mantissa |= std::uint64_t{1} << 52;
    const int binary = (field == 0 ? 1 : field) - 1075;
    BigInteger number(mantissa), divisor(1);
    number.shift_left(binary);
    divisor.shift_left(-binary);
    // The exponent, or one below it: log10(2) is near enough to 0.30103 for the powers met here.
    const int power = binary + static_cast<int>(std::bit_width(mantissa)) - 1;
    int exponent = (power * 30103 - (power < 0 ? 99999 : 0)) / 100000;
    number.times_power_of_ten(-exponent);
    divisor.times_power_of_ten(exponent);
    while (number.compare(divisor) >= 0) {
        divisor.times_power_of_ten(1);
        ++exponent;
    }

    char all[17] = {};
    for (int k = 0; k < digits; ++k)
        all[k] = static_cast<char>('0' + number.next_digit(10, divisor));
    if (number.rounds_up(divisor, all[digits - 1] % 2 != 0)) {
        int k = digits;
        while (k > 0 && all[k - 1] == '9') all[--k] = '0';
        if (k > 0) {
            ++all[k - 1];
        } else {
            all[0] = '1';
            ++exponent;
        }
    }
    while (digits > 1 && all[digits - 1] == '0') --digits;

    const int first = exponent - 1; // the first digit stands for a multiple of 10^first
    if (first < -4 || first >= widest) {
        out.append(all[0]);
        if (digits > 1) out.append('.');
        out.append(all + 1, digits - 1);
        const int size = first < 0 ? -first : first;
        out.append(first < 0 ? "e-" : "e+", 2);
        if (size >= 100) out.append(static_cast<char>('0' + size / 100));
        out.append(static_cast<char>('0' + size / 10 % 10));
        out.append(static_cast<char>('0' + size % 10));
    } else if (exponent <= 0) {
        out.append("0.", 2);
        out.zeros(-exponent);
        out.append(all, digits);
    } else if (exponent >= digits) {
        out.append(all, digits);
        out.zeros(exponent - digits);
    } else {
        out.append(all, exponent);
        out.append('.');
        out.append(all + exponent, digits - exponent);
    }
    return out;
}

/// With 10 significant digits, for sentences.
inline Decimal brief_decimal(const double& x) { return write_decimal(x, 10, 10); }

/// With the fewest significant digits whose nearest number is x again, so that read_decimal() of
/// the text gives every double but a NaN back.
NNINIT_COLD inline Decimal whole_decimal(const double& x) {
    // From 2^-1022 on 15 digits, less the zeros at their end, are no more than are needed.
    const bool subnormal = (bits_of(x) >> 52 & 0x7ff) == 0;
    for (int digits = subnormal ? 1 : 15;; ++digits) {
        const Decimal text = write_decimal(x, digits, 17);
        double back = 0; // not read from 2e+308, the largest number's first digit
        const char* const wrong = read_decimal(text, back);
        const bool same = bits_of(back) == bits_of(x);
        if ((wrong == nullptr && same) || digits == 17) return text; // 17: a NaN
    }
}

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
