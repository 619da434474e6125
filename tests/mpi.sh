# SPDX-License-Identifier: MIT
# sh mpi.sh mpirun mpi_blocks: the example's blocks have the same hashes on 1, 2, 3 and 4 ranks.
set -eu
export LC_ALL=C.UTF-8 CDPATH=
# Open MPI 4 and 5: more ranks than cores, and as root.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
expected=
for ranks in 1 2 3 4; do
    output=$("$1" -np $ranks "$2")
    printf '%s ranks\n%s\n' $ranks "$output"
    hashes=$(printf '%s\n' "$output" | sed -n 's/^\([a-z]*\) .* hash \([0-9a-f]*\),.*/\1 \2/p')
    [ "$(printf '%s\n' "$hashes" | wc -l)" = 3 ] || { echo "three hashes were expected"; exit 1; }
    [ "$hashes" = "${expected:=$hashes}" ] || { echo "not the hashes of one rank"; exit 1; }
done
