package machine

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSnapshot(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  Snapshot
	}{
		// Processors 0 to 2 are allowed: 100 + 90 + 10 ticks, 20 of them stolen.
		{"a laptop", laptop, Snapshot{Load: new(0.52), Pressure: &Pressure{1.25, 2500 * time.Millisecond}, Times: &Times{200, 20}, Thermal: new(uint64(12))}},
		{"nothing", nil, Snapshot{Unknown: []Unknown{
			{"load", "/proc/loadavg is not there"},
			{"pressure", "/proc/pressure/cpu is not there"},
			{"steal", "/proc/stat is not there"},
			{"throttled", "/proc/self/cgroup is not there"},
			{"thermal", "/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count is not there"},
		}}},
		{"affinity unknown, steal over all", with(laptop, map[string]string{"proc/self/status": "Name:\tx\n"}),
			Snapshot{Load: new(0.52), Pressure: &Pressure{1.25, 2500 * time.Millisecond}, Times: &Times{206, 21}, Thermal: new(uint64(12))}},
		{"nonsense", with(laptop, map[string]string{"proc/loadavg": "much\n", "proc/pressure/cpu": "some avg10=x\nfull\n", "proc/stat": "cpu0 1 2 3 4 5 6 7 x\n"}),
			Snapshot{Thermal: new(uint64(12)), Unknown: []Unknown{
				{"load", `/proc/loadavg begins with "much", which is no load`},
				{"pressure", "/proc/pressure/cpu has no line that can be read"},
				{"steal", `/proc/stat has "x", which is no time`},
			}}},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, snapshot(files(tt.files))); d != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, d)
		}
	}
}

func TestDifference(t *testing.T) {
	at := time.Unix(0, 0)
	before := Snapshot{At: at, Load: new(0.5), Pressure: &Pressure{1, time.Second}, Times: &Times{1000, 10}, Throttled: &Throttled{50, 5, time.Second}, Thermal: new(uint64(3))}
	after := Snapshot{At: at.Add(2 * time.Second), Load: new(1.25), Pressure: &Pressure{2, 1250 * time.Millisecond}, Times: &Times{1500, 12}, Throttled: &Throttled{60, 8, time.Second}, Thermal: new(uint64(3))}
	tests := []struct {
		name          string
		before, after Snapshot
		want          []Setting
	}{
		{"all known", before, after, []Setting{{"steal", "0.4 %"}, {"throttled", "3"}, {"thermal", "0"}, {"stalled", "250 ms"}, {"load", "1.25"}}},
		{"nothing known", Snapshot{At: at}, Snapshot{At: at}, nil},
		{"counters that went back", after, before, []Setting{{"thermal", "0"}, {"load", "0.50"}}},
		{"too short for steal", Snapshot{Times: &Times{1000, 10}}, Snapshot{Times: &Times{1019, 11}}, nil},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.want, Difference(tt.before, tt.after).Settings()); d != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, d)
		}
	}
	if got := Difference(before, after).Over; got != 2*time.Second {
		t.Errorf("over %v, want 2s", got)
	}
}

// What the allowed processors did is counted in time, less what the host took.
func TestCounted(t *testing.T) {
	root := files(map[string]string{
		"proc/self/status": "Cpus_allowed_list:\t1-2\n",
		"proc/stat":        "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 900 0 0 0 0 0 0 9 0 0\ncpu1 10 1 2 500 5 1 1 4 0 0\ncpu2 20 0 0 500 0 0 0 0 0 0\n",
	})
	busy, stolen, throttled, ok := counted(root)
	if busy != 350*time.Millisecond || stolen != 40*time.Millisecond || throttled != 0 || !ok {
		t.Errorf("got %v, %v, %v, %v, want 350ms busy and 40ms stolen", busy, stolen, throttled, ok)
	}
	if _, _, _, ok := counted(files(nil)); ok {
		t.Error("nothing to read, and it is known")
	}
}

func TestDelayCost(t *testing.T) {
	now := time.Unix(0, 0)
	tick := func() time.Time { now = now.Add(time.Millisecond); return now }
	cost, threads := delayCost(files(map[string]string{"proc/self/task/1/schedstat": "1 2 3\n", "proc/self/task/2/schedstat": "1 2 3\n", "proc/self/task/3/stat": ""}), tick)
	if cost != time.Millisecond || threads != 2 {
		t.Errorf("got %v for %d threads, want 1ms for 2", cost, threads)
	}
	if _, threads := delayCost(files(nil), tick); threads != 0 {
		t.Errorf("got %d threads where nothing is counted", threads)
	}
}
