package machine

import (
	"testing"
	"time"
)

// perfect is a machine of grade A.
func perfect() Observation {
	return Observation{
		Facts: Facts{
			Allowed: 16, AllowedList: "0-15", Online: 16, Physical: 16, ThreadsPerCore: 1, Siblings: new(false), OnePerCore: "0-15",
			Quota: new(0.0), Governor: "performance", Turbo: &Turbo{}, VM: "none", Container: "none", Dir: "/var/tmp", FS: "ext4", Fsync: time.Millisecond,
		},
		Start:  Snapshot{Load: new(0.1), Pressure: &Pressure{}, Times: &Times{Wanted: 1e6}, Thermal: new(uint64(0))},
		During: &Change{Steal: new(0.0), Thermal: new(uint64(0))},
		Timing: &Timing{Late: 60 * time.Microsecond, LateMost: time.Millisecond, Processors: 16, Worth: 15.9, Ran: 1},
	}
}

func TestJudge(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*Observation)
		check string // whose finding is looked at; "" is none
		mark  Mark
		cost  int
		line  string
	}{
		{"perfect", func(*Observation) {}, "", "", 0, "environment A: 16 of 16 CPUs"},
		{"the quiet VM", func(o *Observation) {
			o.Facts.Allowed, o.Facts.Online, o.Facts.VM = 2, 2, "kvm"
			o.Start.Times.Stolen, o.Start.Load, o.Timing = 4000, new(0.05), nil
		}, "virtual", Bad, 1, "environment C: 2 of 2 CPUs in a VM, steal 0.4 %"},
		{"one processor", func(o *Observation) { o.Facts.Allowed = 1 }, "processors", Bad, 5, "environment F: 1 of 16 CPUs, one processor"},
		{"three processors", func(o *Observation) { o.Facts.Allowed = 3 }, "processors", Bad, 1, "environment B: 3 of 16 CPUs"},
		{"four processors", func(o *Observation) { o.Facts.Allowed, o.Facts.AllowedList = 4, "4-7" }, "processors", Note, 0, "environment A: 4 of 16 CPUs"},
		{"a quota", func(o *Observation) { o.Facts.Quota = new(1.5) }, "quota", Bad, 2, "environment C: 16 of 16 CPUs, quota 1.5"},
		{"a wide quota", func(o *Observation) { o.Facts.Quota = new(16.0) }, "quota", Good, 0, "environment A: 16 of 16 CPUs"},
		{"siblings", func(o *Observation) { o.Facts.Siblings = new(true) }, "SMT", Bad, 1, "environment B: 16 of 16 CPUs, SMT siblings"},
		{"a container", func(o *Observation) { o.Facts.Container = "docker" }, "virtual", Note, 0, "environment A: 16 of 16 CPUs in a container"},
		{"a container in a VM", func(o *Observation) { o.Facts.Container, o.Facts.VM = "docker", "yes" }, "virtual", Bad, 1, "environment B: 16 of 16 CPUs in a container in a VM, steal 0.0 %"},
		{"powersave", func(o *Observation) { o.Facts.Governor = "powersave" }, "governor", Bad, 1, "environment B: 16 of 16 CPUs, governor powersave"},
		{"turbo", func(o *Observation) { o.Facts.Turbo.On = true }, "turbo", Bad, 1, "environment B: 16 of 16 CPUs, turbo on"},
		{"steal before", func(o *Observation) { o.Start.Times.Stolen = 5000 }, "steal", Bad, 1, "environment B: 16 of 16 CPUs, steal 0.5 %"},
		{"steal now", func(o *Observation) { o.During.Steal = new(12.3) }, "steal", Bad, 2, "environment C: 16 of 16 CPUs, steal 12 %"},
		{"some steal now", func(o *Observation) { o.During.Steal = new(2.0) }, "steal", Bad, 1, "environment B: 16 of 16 CPUs, steal 2.0 %"},
		{"a tick of steal now", func(o *Observation) { o.During.Steal = new(1.2) }, "steal", Good, 0, "environment A: 16 of 16 CPUs"},
		{"never throttled", func(o *Observation) { o.Start.Throttled = &Throttled{Periods: 100} }, "throttled", Good, 0, "environment A: 16 of 16 CPUs"},
		{"throttled before", func(o *Observation) { o.Start.Throttled = &Throttled{Periods: 100, Stopped: 1} }, "throttled", Bad, 1, "environment B: 16 of 16 CPUs, throttled"},
		{"throttled now", func(o *Observation) {
			o.Start.Throttled, o.During.Throttled = &Throttled{Periods: 1000, Stopped: 1}, new(uint64(1))
		}, "throttled", Bad, 1, "environment B: 16 of 16 CPUs, throttled"},
		{"hot before", func(o *Observation) { o.Start.Thermal = new(uint64(7)) }, "heat", Note, 0, "environment A: 16 of 16 CPUs"},
		{"hot now", func(o *Observation) { o.During.Thermal = new(uint64(1)) }, "heat", Bad, 2, "environment C: 16 of 16 CPUs, too hot"},
		{"a tenth loaded", func(o *Observation) { o.Start.Load = new(1.6) }, "load", Bad, 1, "environment B: 16 of 16 CPUs, load 1.60"},
		{"half loaded", func(o *Observation) { o.Start.Load = new(8.0) }, "load", Bad, 2, "environment C: 16 of 16 CPUs, load 8.00"},
		{"pressure", func(o *Observation) { o.Start.Pressure.Avg10 = 5 }, "load", Bad, 1, "environment B: 16 of 16 CPUs, pressure 5.0 %"},
		{"much pressure", func(o *Observation) { o.Start.Load, o.Start.Pressure.Avg10 = nil, 25 }, "load", Bad, 2, "environment C: 16 of 16 CPUs, pressure 25 %"},
		{"shared units", func(o *Observation) { o.Timing.Worth = 14.3 }, "together", Bad, 1, "environment B: 16 of 16 CPUs, 16 give 14.3"},
		{"half of the units", func(o *Observation) { o.Timing.Worth = 9.5 }, "together", Bad, 2, "environment C: 16 of 16 CPUs, 16 give 9.5"},
		{"late timers", func(o *Observation) { o.Timing.Late = 15 * time.Millisecond }, "timer", Bad, 1, "environment B: 16 of 16 CPUs, timer 15 ms late"},
		{"files in memory", func(o *Observation) { o.Facts.FS = "tmpfs" }, "scratch", Note, 0, "environment A: 16 of 16 CPUs"},
		{"files elsewhere", func(o *Observation) { o.Facts.FS = "nfs4" }, "scratch", Note, 0, "environment A: 16 of 16 CPUs"},
		{"a slow disk", func(o *Observation) { o.Facts.Fsync = 20 * time.Millisecond }, "scratch", Note, 0, "environment A: 16 of 16 CPUs"},
		{"everything", func(o *Observation) {
			o.Facts.Governor, o.Facts.Turbo.On, o.Facts.Siblings, o.Facts.Quota = "powersave", true, new(true), new(8.0)
			o.During.Steal = new(50.0)
		}, "quota", Bad, 2, "environment F: 16 of 16 CPUs, quota 8, steal 50 %, SMT siblings, governor powersave, and 1 more"},
		{"unknown", func(o *Observation) {
			o.Facts.Governor, o.Facts.Unknown = "", []Unknown{{"governor", "it is hidden"}}
		}, "governor", Untold, 0, "environment A: 16 of 16 CPUs"},
	}
	for _, tt := range tests {
		o := perfect()
		tt.spoil(&o)
		v := Judge(o)
		if v.String() != tt.line {
			t.Errorf("%s: got %q, want %q", tt.name, v, tt.line)
		}
		for _, f := range v.Findings {
			if f.Found == "" || f.Why == "" || (f.Cost > 0) != (f.Mark == Bad) || (f.Help != "") != (f.Mark == Bad || f.Mark == Note && f.Name != "virtual") {
				t.Errorf("%s: %+v is incomplete", tt.name, f)
			}
			if f.Name == tt.check && (f.Mark != tt.mark || f.Cost != tt.cost) {
				t.Errorf("%s: %s is %s and costs %d, want %s, %d", tt.name, f.Name, f.Mark, f.Cost, tt.mark, tt.cost)
			}
		}
		if _, ok := named(v, tt.check); tt.check != "" && !ok {
			t.Errorf("%s: no finding %s", tt.name, tt.check)
		}
	}
}

func named(v Verdict, name string) (Finding, bool) {
	for _, f := range v.Findings {
		if f.Name == name {
			return f, true
		}
	}
	return Finding{}, false
}

// What is said of processors that give less depends on whether they ran.
func TestTogether(t *testing.T) {
	for _, tt := range []struct {
		ran  float64
		want string
	}{
		{0, "16 processors give 9.5 processors' worth"},
		{0.52, "16 processors give 9.5 processors' worth: they ran 52 % of the time"},
		{0.99, "16 processors give 9.5 processors' worth, though they ran all the time"},
	} {
		o := perfect()
		o.Timing.Worth, o.Timing.Ran = 9.5, tt.ran
		if f, _ := named(Judge(o), "together"); f.Found != tt.want {
			t.Errorf("ran %v: got %q, want %q", tt.ran, f.Found, tt.want)
		}
	}
}

// A machine of which nothing is known is judged, and not praised.
func TestJudgeNothing(t *testing.T) {
	facts := read(files(nil))
	facts.Allowed = 0
	for _, f := range Judge(Observation{Facts: facts, Start: snapshot(files(nil))}).Findings {
		if f.Mark == Good {
			t.Errorf("%s is said to be good: %s", f.Name, f.Found)
		}
	}
}

func TestCanMeasure(t *testing.T) {
	for _, tt := range []struct {
		name    string
		facts   Facts
		workers int
		most    int
		want    string // "" is yes
	}{
		{"enough", Facts{Allowed: 4}, 4, 4, ""},
		{"too many", Facts{Allowed: 2, Online: 2}, 8, 2, "8 workers that compute cannot be measured here: 2 processors allowed: measure at most 2"},
		{"narrowed", Facts{Allowed: 1, AllowedList: "3", Online: 8}, 2, 1, "2 workers that compute cannot be measured here: 1 processor allowed (3 of 8): measure at most 1, or widen the affinity mask (taskset -p) or the cpuset"},
		{"a quota", Facts{Allowed: 4, Online: 4, Quota: new(1.5)}, 2, 1, "2 workers that compute cannot be measured here: 4 processors allowed and a quota of 1.5: measure at most 1, or raise the quota of the container"},
		{"below one", Facts{Allowed: 4, Online: 4, Quota: new(0.5)}, 1, 1, ""},
		{"no quota", Facts{Allowed: 4, Quota: new(0.0)}, 4, 4, ""},
	} {
		got := ""
		if err := tt.facts.CanMeasure(tt.workers); err != nil {
			got = err.Error()
		}
		if got != tt.want || tt.facts.Most() != tt.most {
			t.Errorf("%s: got %q and at most %d, want %q and %d", tt.name, got, tt.facts.Most(), tt.want, tt.most)
		}
	}
}
