// SPDX-License-Identifier: MIT
// Words that people type: compared without regard to case, '-' and '_', and the nearest of some.

#ifndef NNINIT_DETAIL_WORDS_HPP
#define NNINIT_DETAIL_WORDS_HPP

#include <nninit/version.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace nninit::inline NNINIT_ABI {
namespace detail::inline NNINIT_COMPILER {

NNINIT_COLD inline std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\n\v\f\r";
    const std::size_t first = (std::min)(text.find_first_not_of(space), text.size());
    return text.substr(first, text.find_last_not_of(space) + 1 - first);
}

/// HeNormal, he-normal and HE_NORMAL as henormal.
NNINIT_COLD inline std::string folded(std::string_view word) {
    std::string plain;
    for (const char c : word)
        if (c != '-' && c != '_') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return plain;
}

NNINIT_COLD inline bool same_word(std::string_view a, std::string_view b) {
    return folded(a) == folded(b);
}

/// The fewest letters to insert, drop, change or swap with the next that make a into b.
NNINIT_COLD inline std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t k = 0; k <= b.size(); ++k) row[k] = k;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t k = 1; k <= b.size(); ++k) {
            row[k] = (std::min)(
                {last[k] + 1, row[k - 1] + 1, last[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1)});
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                row[k] = (std::min)(row[k], before[k - 2] + 1);
        }
    }
    return row[b.size()];
}

/// What may have been meant by a word: of the names that are offered, the nearest, three at most.
class Nearest {
public:
    /// A word may be that of a framework, as in torch:linear.
    explicit Nearest(std::string_view word) {
        split(folded(word), framework_, word_);
        cost_ = word_.size() < 4 ? 1 : (std::max)(word_.size() / 3, std::size_t{2});
    }

    NNINIT_COLD void offer(std::string_view name) {
        std::string framework, word;
        split(folded(name), framework, word);
        const std::size_t apart =
            (std::max)(word_.size(), word.size()) - (std::min)(word_.size(), word.size());
        std::size_t cost = apart > cost_ ? apart : edits(word_, word); // as many at least
        if (word_.size() > 1 && word.starts_with(word_)) cost = (std::min)(cost, std::size_t{1});
        // torch:eye_ is offered for eye, too, which is too short for an edit.
        const bool itself = cost == 0 && word_.size() < 4 && framework_.empty();
        if (framework != framework_) cost += itself ? 1 : 2;
        if (cost > cost_) return;
        if (cost < cost_) found_ = 0;
        cost_ = cost;
        if (found_ < std::size(nearest_)) nearest_[found_++] = name;
    }

    /// "; did you mean a, b or c?", or nothing but a semicolon.
    NNINIT_COLD std::string sentence() const {
        std::string text = ";";
        for (std::size_t i = 0; i < found_; ++i)
            text.append(i == 0           ? " did you mean "
                        : i + 1 < found_ ? ", "
                                         : " or ")
                .append(nearest_[i]);
        return text.append(found_ == 0 ? "" : "?");
    }

private:
    NNINIT_COLD static void split(const std::string& text, std::string& framework,
                                  std::string& word) {
        const std::size_t colon = text.find(':');
        framework = text.substr(0, colon == text.npos ? 0 : colon);
        word = text.substr(colon == text.npos ? 0 : colon + 1);
    }

    std::string framework_, word_;
    std::string_view nearest_[3];
    std::size_t cost_ = 0, found_ = 0;
};

} // namespace detail::inline NNINIT_COMPILER
} // namespace nninit::inline NNINIT_ABI

#endif
