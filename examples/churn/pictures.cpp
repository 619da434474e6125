// SPDX-License-Identifier: MIT
#include "report.hpp"

#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <locale>
#include <sstream>

namespace churn {

namespace {

double lowest_loss(const Plan& plan, const Results& results) {
    double lowest = 1.0;
    for (std::size_t activation = 0; activation < activations.size(); ++activation)
        for (std::size_t init = 0; init < initializers.size(); ++init)
            for (std::size_t epoch = 0; epoch <= static_cast<std::size_t>(plan.epochs); ++epoch) {
                const auto loss = [epoch](const Run& run) { return run.loss[epoch]; };
                lowest =
                    std::min(lowest, quartiles(results.over_seeds(activation, init, loss)).lower);
            }
    return lowest;
}

// The colours are Okabe and Ito's, which colour-blind readers can tell apart.
constexpr const char* preparation =
    R"(# Draws the pictures of the churn study from bands.csv: gnuplot churn.gnuplot
# The program itself sets `ending`, so that it can rename the files once they are whole.
if (!exists("ending")) ending = ""
set datafile separator ","
set encoding utf8

set linetype 1 lc rgb "#009E73" dt 3 lw 2 pt 1 ps 0.6
set linetype 2 lc rgb "#000000" dt 2 lw 2 pt 2 ps 0.6
set linetype 3 lc rgb "#E69F00" dt 1 lw 2 pt 5 ps 0.6
set linetype 4 lc rgb "#0072B2" dt 1 lw 2 pt 7 ps 0.7
set linetype 5 lc rgb "#56B4E9" dt 4 lw 2 pt 6 ps 0.7
set linetype 6 lc rgb "#D55E00" dt 1 lw 2 pt 9 ps 0.7
set linetype 7 lc rgb "#CC79A7" dt 4 lw 2 pt 8 ps 0.7

array activations = ["sigmoid", "tanh", "ReLU", "LeakyReLU"]
array initializers = ["Zeros", "equal weights", "RandomUniform", "GlorotNormal", \
                      "GlorotUniform", "HeNormal", "HeUniform"]
# A column of the lines that belong to one curve.
pick(a, i, n) = (strcol(1) eq network && strcol(2) eq activations[a] && \
                 strcol(3) eq initializers[i]) ? column(n) : NaN
# gnuplot fills wrong shapes where corners lie very far outside (a loss of hundreds, or inf).
cut(loss) = loss > 5 ? 5 : loss

set border 3 lc rgb "#555555"
set tics nomirror out
set grid y lc rgb "#dddddd" lt 1 dt 1 lw 1
set style fill transparent solid 0.15 noborder
)";

constexpr const char* panels = R"(
set multiplot layout 2,2 title heading font ",14" margins 0.075,0.98,0.18,0.88 spacing 0.065,0.12
do for [a = 1:4] {
    set title activations[a] offset 0,-0.6
    if (a > 2) { set xlabel "epoch" offset 0,0.4 } else { unset xlabel }
    if (a % 2 == 1) { set ylabel "training loss" offset 1.5,0 } else { unset ylabel }
    if (a == 4) {
        set key at screen 0.5,0.01 center bottom vertical maxrows 2 samplen 3 width 2
    } else {
        unset key
    }
    plot for [i = 1:7] "bands.csv" using (pick(a, i, 4)):(cut(pick(a, i, 5))):(cut(pick(a, i, 7))) \
             with filledcurves lt i notitle, \
         for [i = 1:7] "bands.csv" using (pick(a, i, 4)):(pick(a, i, 6)) \
             with linespoints lt i pointinterval marks title initializers[i], \
         entropy with lines lc rgb "#777777" dt 3 lw 1.5 title "constant answer"
}
unset multiplot
unset output
)";

} // namespace

std::string gnuplot_script(const std::vector<Plan>& plans, const std::vector<Results>& results,
                           const Split& split) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << preparation;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        const Plan& plan = plans[i];
        // The first losses of some curves are far higher; the picture is about what follows.
        const double top = std::ceil(split.entropy * 22.0) / 20.0;
        const double bottom = std::floor(lowest_loss(plan, results[i]) * 50.0) / 50.0;
        out << "\nnetwork = \"" << plan.name << "\"\nheading = \"" << plan.picture_title
            << "\"\nentropy = " << split.entropy << "\nmarks = " << std::max(1, plan.epochs / 8)
            << "\nset xrange [0:" << plan.epochs << "]\nset yrange [" << bottom << ':' << top
            << "]\n";
        for (const std::string format : {"svg", "png"})
            out << "\nset terminal "
                << (format == "svg"
                        ? "svg size 1000,700 font \"sans-serif,13\" background \"white\""
                        : "pngcairo size 1000,700 font \"sans,11\"")
                << "\nset output \"" << plan.name << '.' << format << "\".ending\n"
                << panels;
    }
    return out.str();
}

} // namespace churn
