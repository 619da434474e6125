# SPDX-License-Identifier: MIT
# Draws small.png and deep.png from bands.csv and runs.csv: gnuplot -c churn.gnuplot [directory]
# Median training loss by epoch under tanh and ReLU, and the quartiles over the seeds.
if (ARGC > 0) cd ARG1
set datafile separator ","
set border 3 lc rgb "#555555"
set tics nomirror out
set grid y lc rgb "#dddddd" lt 1 dt 1 lw 1
set clip one
set style fill transparent solid 0.15 noborder

# The colours are Okabe and Ito's, which colour-blind readers can tell apart.
set linetype 1 lc rgb "#009E73" dt 3 lw 2 pt 1 ps 0.6
set linetype 2 lc rgb "#000000" dt 2 lw 2 pt 2 ps 0.6
set linetype 3 lc rgb "#E69F00" dt 1 lw 2 pt 5 ps 0.6
set linetype 4 lc rgb "#0072B2" dt 1 lw 2 pt 7 ps 0.7
set linetype 5 lc rgb "#56B4E9" dt 4 lw 2 pt 6 ps 0.7
set linetype 6 lc rgb "#D55E00" dt 1 lw 2 pt 9 ps 0.7
set linetype 7 lc rgb "#CC79A7" dt 4 lw 2 pt 8 ps 0.7
array activations = ["tanh", "ReLU"]
array initializers = ["Zeros", "equal weights", "RandomUniform", "GlorotNormal", \
                      "GlorotUniform", "HeNormal", "HeUniform"]
# A column of the lines that belong to one curve, and of one network.
of(name, n) = strcol(1) eq network ? (strcol(3) eq name ? column(n) : NaN) : NaN
pick(a, i, n) = strcol(2) eq activations[a] ? of(initializers[i], n) : NaN
# gnuplot fills wrong shapes where corners lie very far outside (a loss of hundreds, or infinity).
cut(loss) = loss > 1 ? 1 : loss

do for [network in "small deep"] {
    set autoscale
    stats "runs.csv" using (strcol(1) eq network ? $4 : NaN) name "seeds" nooutput
    if (seeds_records == 0) { continue }
    stats "bands.csv" using (of("constant answer", 4)) name "epochs" nooutput
    stats "bands.csv" using (of("constant answer", 6)) name "constant" nooutput
    stats "bands.csv" using (strcol(1) eq network ? cut($5) : NaN) name "lowest" nooutput
    # The first losses of some curves are far higher; the picture is about what follows.
    top = ceil(constant_max * 22) / 20.0
    set xrange [0:epochs_max]
    set yrange [floor(lowest_min * 50) / 50.0:top]
    set terminal pngcairo size 800,380 font "sans,10"
    set output network.".png"
    set multiplot layout 1,2 margins 0.09,0.985,0.29,0.85 spacing 0.06,0 title \
        (network eq "deep" ? "10 hidden layers of 32, SGD" : "2 hidden layers of 6, Adam"). \
        sprintf(": median and quartiles of %d seeds", int(seeds_max))
    set xlabel "epoch" offset 0,0.5
    do for [a = 1:2] {
        set title activations[a] offset 0,-0.6
        if (a == 1) { set ylabel "training loss" offset 0.8,0 } else { unset ylabel }
        if (a == 2) {
            set key at screen 0.5,0.01 center bottom vertical maxrows 2 samplen 3 width 2
        } else {
            unset key
        }
        plot for [i = 1:7] "bands.csv" using \
                 (pick(a, i, 4)):(cut(pick(a, i, 5))):(cut(pick(a, i, 7))) \
                 with filledcurves lt i notitle, \
             for [i = 1:7] "" using (pick(a, i, 4)):(pick(a, i, 6)) with linespoints lt i \
                 pointinterval ceil(epochs_max / 8) title initializers[i], \
             constant_max with lines lc rgb "#777777" dt 3 lw 1.5 title "constant answer"
    }
    unset multiplot
    unset output
}
