# SPDX-License-Identifier: MIT
# Draws the pictures from signal.csv and gallery.csv: gnuplot -c signal.gnuplot [directory]
if (ARGC > 0) cd ARG1
set datafile separator ","
png = strstrt(GPVAL_TERMINALS, "pngcairo") ? "pngcairo font 'sans,10'" : "png"
set border 3 lc rgb "#555555"
set tics nomirror out

set linetype 1 lc rgb "#000000" dt 3 lw 2 pt 2 ps 0.8
set linetype 2 lc rgb "#888888" dt 1 lw 2 pt 11 ps 0.8
set linetype 3 lc rgb "#CC79A7" dt 1 lw 2 pt 9 ps 0.8
set linetype 4 lc rgb "#E69F00" dt 2 lw 2 pt 5 ps 0.7
set linetype 5 lc rgb "#56B4E9" dt 1 lw 2 pt 7 ps 0.8
set linetype 6 lc rgb "#D55E00" dt 1 lw 2 pt 12 ps 1.6
set linetype 7 lc rgb "#009E73" dt 1 lw 2 pt 4 ps 0.8
set linetype 8 lc rgb "#0072B2" dt 5 lw 2 pt 6 ps 0.8

# GlorotUniform is left out: its lines are those of GlorotNormal.
array rules = ["equal weights 0.1", "Normal 0.01", "Normal 0.2", "RandomUniform", "GlorotNormal", \
               "HeNormal", "GlorotNormal x gain", "Orthogonal x gain"]
array titles = ["activations", "differences between inputs", "gradients"]
array columns = [4, 5, 7]
# A logarithm of 0 would end the line inside of the picture.
pick(i, n) = (strcol(1) eq activation && strcol(2) eq rules[i]) ? \
             (column(n) < 1e-300 ? 1e-300 : column(n)) : NaN
do for [activation in "linear sigmoid tanh relu leaky_relu selu gelu silu"] {
    set terminal @png size 800,400
    set output activation.".png"
    set multiplot layout 1,3 title "50 layers under ".activation.", before training" \
        margins 0.09,0.985,0.26,0.84 spacing 0.035,0
    set logscale y
    set xrange [0:50]
    set yrange [1e-12:1e6]
    set xtics 10
    set ytics 1e-12,1e3,1e6
    set mytics 1
    set grid y lc rgb "#dddddd" lt 1 dt 1 lw 1
    set xlabel "layer" offset 0,0.4
    do for [p = 1:3] {
        set title titles[p] offset 0,-0.6
        if (p == 1) { set format y "10^{%T}"; set ylabel "mean square" offset 0.8,0 } \
        else { set format y ""; unset ylabel }
        unset arrow
        unset label
        way = p == 3 ? -1 : 1
        set arrow from graph 0.5 - 0.2 * way,0.96 to graph 0.5 + 0.2 * way,0.96 lc rgb "#555555"
        set label (way > 0 ? "forward" : "backward") at graph 0.5,0.91 center textcolor rgb "#555555"
        if (p == 2) {
            set key at screen 0.5,0.01 center bottom vertical maxrows 2 samplen 3 width -2
        } else {
            unset key
        }
        # HeNormal as points: under ReLU its line is that of GlorotNormal x gain.
        plot for [i = 1:8] "signal.csv" using 3:(i == 6 ? NaN : pick(i, columns[p])) \
             with linespoints lt i pointinterval 10 title (i == 6 ? "" : rules[i]), \
             "" using 3:(int($3) % 5 == 0 ? pick(6, columns[p]) : NaN) with points lt 6 lw 1.5 \
             title rules[6]
    }
    unset multiplot
    unset output
}

array panels = ["Uniform -1 to 1", "Normal", "GlorotUniform", "TruncatedNormal -2 to 2", \
                "TruncatedNormal 0.5 to 3", "HeNormal", "VarianceScaling truncated", \
                "Orthogonal", "Sparse without zeros"]
array steps = [0.5, 2, 0.05, 1, 1, 0.2, 0.1, 0.1, 0.02]
of_panel(i, n) = strcol(1) eq panels[i] ? column(n) : NaN
set terminal @png size 800,480
set output "gallery.png"
set multiplot layout 3,3 title "512 x 256 weights of each rule, and the exact densities" \
    margins 0.02,0.98,0.15,0.88 spacing 0.05,0.13
unset logscale
unset arrow
unset label
unset ylabel
set border 1
set xrange [*:*]
set autoscale xfix
set yrange [0:*]
unset ytics
set format x "%g"
unset xlabel
unset grid
set offsets graph 0.03, graph 0.03, graph 0.1, 0
set style fill solid 1 border lc rgb "#A6D8F5"
do for [i = 1:9] {
    set title panels[i] offset 0,-0.8
    set xtics steps[i]
    if (i == 8) {
        set key at screen 0.5,0.01 center bottom horizontal maxcols 2
    } else {
        unset key
    }
    plot "gallery.csv" using (of_panel(i, 2)):(of_panel(i, 4)) with boxes lc rgb "#A6D8F5" dt 1 \
             title "weights", \
         "" using (of_panel(i, 2)):(of_panel(i, 5)) with lines lc rgb "#000000" dt 1 lw 2 \
             title "exact density"
}
unset multiplot
unset output
