package machine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestQuota(t *testing.T) {
	const v1 = "sys/fs/cgroup/cpu/x/cpu.cfs_"
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no control groups", nil, ""},
		{"v2 without a limit", map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max": "max 100000\n"}, "none"},
		{"v2", map[string]string{"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "150000 100000\n"}, "1.5"},
		{"v2, of the parent", map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max": "400000 100000", "sys/fs/cgroup/a/cpu.max": "200000 100000"}, "2"},
		{"v2, seen from inside", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "50000 100000\n"}, "0.5"},
		{"v1", map[string]string{"proc/self/cgroup": "3:cpu,cpuacct:/x\n", v1 + "quota_us": "50000\n", v1 + "period_us": "100000\n"}, "0.5"},
		{"v1 without a limit", map[string]string{"proc/self/cgroup": "3:cpu,cpuacct:/x\n", v1 + "quota_us": "-1\n", v1 + "period_us": "100000\n"}, "none"},
		{"nonsense", map[string]string{"proc/self/cgroup": "hello\n:::\n"}, "none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			if q, err := quota(files(tt.files)); err == nil {
				got = quotaText(*q)
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestThrottled(t *testing.T) {
	const v1 = "sys/fs/cgroup/cpu/x/cpu."
	tests := []struct {
		name  string
		files map[string]string
		want  *Throttled
	}{
		{"no limit", map[string]string{"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/cpu.max": "max 100000\n", "sys/fs/cgroup/a/cpu.stat": "nr_periods 5\n"}, nil},
		{"v2, two limits", map[string]string{
			"proc/self/cgroup":          "0::/a/b\n",
			"sys/fs/cgroup/a/cpu.max":   "200000 100000\n",
			"sys/fs/cgroup/a/cpu.stat":  "usage_usec 77\nnr_periods 100\nnr_throttled 7\nthrottled_usec 350000\n",
			"sys/fs/cgroup/a/b/cpu.max": "150000 100000\n", "sys/fs/cgroup/a/b/cpu.stat": "nr_periods 10\nnr_throttled 1\nthrottled_usec 50000\n",
		}, &Throttled{110, 8, 400 * time.Millisecond}},
		{"v1", map[string]string{
			"proc/self/cgroup": "1:cpu:/x\n2:cpuset:/x\n", v1 + "cfs_quota_us": "50000\n", v1 + "cfs_period_us": "100000\n",
			v1 + "stat": "nr_periods 40\nnr_throttled 20\nthrottled_time 1500000000\n",
		}, &Throttled{40, 20, 1500 * time.Millisecond}},
		{"limits without counts", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "50000 100000\n"}, &Throttled{}},
	}
	for _, tt := range tests {
		got, err := readThrottled(files(tt.files))
		if d := cmp.Diff(tt.want, got); d != "" || err != nil {
			t.Errorf("%s: error %v, -want +got\n%s", tt.name, err, d)
		}
	}
}
