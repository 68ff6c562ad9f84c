#!/usr/bin/env bash
# rounds.sh N: measures N rounds of the Go benchmarks and of Python's own
# strategies on the same tasks, each round in fresh processes, and prints one
# benchmark text. PYTHON names the Python, BENCH the Go benchmarks, WORKLOADS some
# workloads, as in 'matrix|sleep'.
set -uo pipefail
rounds=${1:?usage: rounds.sh ROUNDS}
python=${PYTHON:-python3}
bench=${BENCH:-bin/bench}
workloads=${WORKLOADS:-hash|matrix|sleep|file}
measure=$(dirname "$0")/measure.py

stopped=
trap 'stopped=1' INT TERM

# text keeps the lines of benchmark text, and sends what else testing says to
# standard error. It outlives Ctrl-C, to keep what is still written.
text() (
	trap '' INT TERM
	exec awk '
		/^--- SKIP: /              { skip = 1; print; fflush(); next }
		skip && /^    /            { print; fflush(); next }
		                           { skip = 0 }
		/^Benchmark.* ns\/op/      { print; fflush(); next }
		/^[a-z-]+: /               { print; fflush(); next }
		$0 != "PASS"               { print > "/dev/stderr" }'
)

# unusable says why this Python cannot be measured, and nothing if it can.
unusable() {
	command -v "$python" >/dev/null || {
		echo "not found on PATH: install Python 3.8 or newer"
		return
	}
	local said status=0
	said=$("$python" -c 'import sys; v = sys.version_info; print("%d.%d.%d" % v[:3]); sys.exit(3 if v < (3, 8) else 0)' 2>&1) || status=$?
	case $status in
	0) ;;
	3) echo "this is Python $said: install Python 3.8 or newer, and name it with PYTHON=" ;;
	*)
		said=${said%%$'\n'*}
		echo "does not run: ${said:-it says nothing}"
		;;
	esac
}

why=$(unusable)
if [ -n "$why" ]; then
	for workload in ${workloads//|/ }; do
		for strategy in serial threads pool asyncio; do
			printf -- '--- SKIP: BenchmarkStrong/workload=%s/strategy=python-%s/serial=0.1/cores=real\n    %s: %s\n' \
				"$workload" "$strategy" "${python##*/}" "$why"
		done
	done
	echo "skipped Python: ${python##*/}: $why" >&2
else
	"$python" "$measure" --environment
fi

status=0
for ((round = 1; round <= rounds && !stopped; round++)); do
	echo "round $round/$rounds" >&2
	"$bench" -test.bench "Strong/workload=($workloads)" -test.benchtime 1x -round "$round" -seed 1 | text || status=1
	[ -n "$why$stopped" ] || "$python" "$measure" --only "workload=($workloads)/" --round "$round" --seed 1 || status=1
done
if [ -n "$stopped" ]; then
	echo "stopped in round $((round - 1)) of $rounds; what was measured is kept" >&2
	status=1
fi
exit $status
