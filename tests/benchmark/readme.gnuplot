# SPDX-License-Identifier: MIT
# Draws readme.sh's table as bars: gnuplot -c readme.gnuplot table picture.png
png = strstrt(GPVAL_TERMINALS, "pngcairo") ? "pngcairo font 'sans,10'" : "png"
set terminal @png size 800,220
set output ARG2
set multiplot layout 1,2 title "1000 x 1000 floats, one core, plain -O2" \
    margins 0.21,0.97,0.04,0.76 spacing 0.08,0
set border 2 lc rgb "#555555"
set style fill solid 1 noborder
set yrange [3.6:-0.6]
set xrange [0:*]
unset xtics
unset key
bars(n) = sprintf("< tail -n 4 '%s' | awk '{ print NR - 1, $%d, (NR > 2) }'", ARG1, n)
set ytics nomirror scale 0 ("Eigen's setRandom" 0, "std::normal\\_distribution" 1, \
    "nninit::HeUniform" 2, "nninit::HeNormal" 3)
do for [p = 1:2] {
    set title p == 1 ? "nanoseconds per value" : "seconds to compile the file" offset 0,-0.6
    set xrange [0:(p == 1 ? 19 : 4.5)]
    plot bars(p + 1) using (0):1:(0):2:($1 - 0.35):($1 + 0.35):($3 > 0 ? 0x0072B2 : 0xB0B0B0) \
             with boxxyerror lc rgb variable, \
         "" using 2:1:(sprintf(p == 1 ? "%.2f" : "%.1f", $2)) with labels left offset 0.5,0
    set ytics ("" 0)
}
unset multiplot
