# SPDX-License-Identifier: MIT
# measure.py command...: runs it and prints its user seconds and its peak memory in KB.
import os
import subprocess
import sys

process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
if status != 0:
    sys.exit(1)
print(f"{usage.ru_utime:.3f} {usage.ru_maxrss}")
