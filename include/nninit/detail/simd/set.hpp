// SPDX-License-Identifier: MIT
// The kernels: Philox's words, and what a distribution makes of words. Each is a plain loop,
// written once in words.inl and values.inl over vectors of one instruction set, and compiled for
// each set in a namespace and target region of its own, so that no function can be merged with that
// of another.
//
// A set, such as avx2.hpp, is one-line functions on its vectors:
//
//   Vector<T>             F, U and Signed: vectors of T and of integers of its size
//   chains                how many vectors of blocks words() works out side by side
//   Group<V>              as many vectors as values are made of side by side: Several<V, 2> to 4
//   splat opaque          a vector of one number; a vector whose origin the optimiser cannot see
//   as_signed as_unsigned as_float     the same bits
//   to_float              signed integers rounded to nearest
//   select clamped divide fma          lane by lane
//   multiply              64-bit products of the low halves
//   any_negative          whether a lane is
//   table_row lookup      a row of the quantile's table; its number for each lane's segment
//   bank<T>               how many segments, the last ones, lookup() reaches: 16, or all 32
//   exact_multiply_add    a b + c where a b is exact: a fused operation rounds no differently
//   share                 a truncated normal's share of a word, as two halves
//   load                  words from memory; a double's are two, the low one first
//   words_of_vector       how many words a vector of blocks holds
//   block_offsets store_words          which block each lane computes; their words in order
//
// Registers of vectors share vectors.inl, and derived.inl makes exact_multiply_add, share and
// store_words of
//
//   low_halves high_halves             of two vectors' lanes of 64 bits, alternating
//   lower_lanes upper_lanes            of each 128 bits of two vectors, side by side
//
// Glossary
//   word      32 random bits; a float takes one, a double two, which its formulas call one of 64
//   block     4 words of Philox, worked out together from their number
//   lane      one element of a vector
//   segment   an interval of the normal's mass, with a polynomial of its own in the table
//   bank      as many segments as registers or one instruction can look into
//   tail      the mass below the segments, worked out by Newton's iteration in double
//   share     where a word lies between 0 and 1; a truncated normal maps words into its part of it

#ifndef NNINIT_DETAIL_SIMD_SET_HPP
#define NNINIT_DETAIL_SIMD_SET_HPP

#include <nninit/detail/philox_rounds.hpp>
#include <nninit/detail/quantile.hpp>

#include <cstring>
#include <iterator>

namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER {

/// How many words are made at a time, in the first-level cache, before values are made of them: a
/// multiple of the six vectors of AVX-512. Values are made in steps of 64 words at most, so that
/// as many may be read beyond the last one.
inline constexpr std::size_t chunk_words = 576, step_words = 64;
inline constexpr std::size_t most_words = chunk_words + step_words;

} // namespace nninit::inline NNINIT_ABI::detail::inline NNINIT_COMPILER

#endif
