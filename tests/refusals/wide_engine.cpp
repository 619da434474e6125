// SPDX-License-Identifier: MIT
// REFUSED: nninit: .*engine
#include <nninit/nninit.hpp>

#if defined(__SIZEOF_INT128__) && defined(REFUSED)
__extension__ typedef unsigned __int128 Number;
#else
using Number = std::uint64_t;
#endif

struct Engine {
    using result_type = Number;
    static constexpr Number(min)() { return 0; }
    static constexpr Number(max)() { return static_cast<Number>(-1); }
    Number operator()() { return 4; }
};

void fill(Eigen::MatrixXf& w) { nninit::Normal{}(w, Engine()); }
