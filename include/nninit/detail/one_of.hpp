// SPDX-License-Identifier: MIT
// A value of one of several types. A std::variant of all rules was a quarter of what an include
// costs to compile.

#ifndef NNINIT_DETAIL_ONE_OF_HPP
#define NNINIT_DETAIL_ONE_OF_HPP

#include <nninit/version.hpp>

#include <new>
#include <type_traits>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// Room for one of some types. A union, not an array of bytes: compilers see that its copy, unlike
/// that of bytes, holds the number that was stored there.
template <class First, class... Rest> union Room {
    First first;
    Room<Rest...> rest;
    Room() : rest() {}
};
template <class Last> union Room<Last> {
    Last last;
    char nothing;
    Room() : nothing() {}
};

/// One of these types, which are plain structs.
template <class... T> class OneOf {
    static_assert((std::is_trivially_copyable_v<T> && ...));
    static_assert((std::is_trivially_destructible_v<T> && ...));

    Room<T...> room_;
    int index_;

    template <class Held> static constexpr int index_of() {
        int i = 0, found = -1;
        ((found = std::is_same_v<Held, T> ? i : found, ++i), ...);
        return found;
    }
    template <class Held> const Held& as() const {
        return *std::launder(reinterpret_cast<const Held*>(&room_));
    }

public:
    template <class Held> static constexpr bool has = index_of<Held>() != -1;

    template <class Held>
    requires(has<Held>) OneOf(const Held& value) : index_(index_of<Held>()) {
        ::new (static_cast<void*>(&room_)) Held(value);
    }

    /// Which of the types is held.
    int index() const { return index_; }

    /// The value, or nullptr if it is of another type.
    template <class Held> const Held* get_if() const {
        static_assert(has<Held>);
        return index_ == index_of<Held>() ? &as<Held>() : nullptr;
    }
    template <class Held> Held* get_if() {
        return const_cast<Held*>(static_cast<const OneOf&>(*this).template get_if<Held>());
    }

    /// Holds from here on the default of the type with that index.
    void start(int index) {
        int i = 0;
        ((index == i++ ? static_cast<void>(*this = T{}) : void()), ...);
    }

    /// function(value), for its effect, once even if that is another value.
    template <class Function> void visit(Function&& function) {
        const int held = index_;
        int i = 0;
        ((held == i++ ? function(const_cast<T&>(as<T>())) : void()), ...);
    }
    template <class Function> void visit(Function&& function) const {
        const int held = index_;
        int i = 0;
        ((held == i++ ? function(as<T>()) : void()), ...);
    }

    friend bool operator==(const OneOf& a, const OneOf& b) {
        int i = 0;
        return a.index_ == b.index_ &&
               ((a.index_ != i++ || a.template as<T>() == b.template as<T>()) && ...);
    }
};

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
