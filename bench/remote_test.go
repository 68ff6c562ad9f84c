package bench

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"amdahl/bench/contract"
	"amdahl/pools"
	"amdahl/pools/remote"
	"amdahl/workloads"
)

// What the account calls dispatch is network for up to what was waited for that, then
// queue, and no more than is there.
func TestTakeWaits(t *testing.T) {
	for _, tt := range []struct {
		w    networkWaits
		want contract.Parts
	}{
		{networkWaits{}, contract.Parts{contract.Dispatch: 10}},
		{networkWaits{network: 3, queue: 4}, contract.Parts{contract.Dispatch: 3, contract.Network: 3, contract.TaskQueue: 4}},
		{networkWaits{network: 8, queue: 8}, contract.Parts{contract.Network: 8, contract.TaskQueue: 2}},
		{networkWaits{network: 20, queue: 8}, contract.Parts{contract.Network: 10}},
	} {
		parts := contract.Parts{contract.Useful: 5, contract.Dispatch: 10}
		tt.w.take(parts)
		for _, c := range contract.Causes {
			want := tt.want[c]
			if c == contract.Useful {
				want = 5
			}
			if parts[c] != want {
				t.Errorf("%+v: %s is %v, want %v", tt.w, c, parts[c], want)
			}
		}
	}
	if got := waited(nil, 4); got != (networkWaits{}) {
		t.Errorf("a pool of this process waits for a network: %+v", got)
	}
}

// Each of two workers asks for ten tasks, one after another, over a network of 20 ms: of
// their time at least half a round trip for each range but the first is lost to the network.
func TestWhyRemote(t *testing.T) {
	r := &Runner{Child: runner.Child, Why: true}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	c := Case{
		Scaling: Strong, Workload: workloads.Sleep, Size: 2000, Strategy: Remote, Workers: 2, Procs: 2, Tasks: 20, OneTasks: 20,
		Link: remote.Link{RTT: 20 * time.Millisecond}, Shape: remote.Shape{Queue: remote.Request, Chunk: 1},
	}
	got := once(r, c)
	if got.N == 0 {
		t.Skip("the machine is too busy for an emulated link")
	}
	if ns, least := got.Extra[contract.Network.Unit()], float64(18*10*time.Millisecond); ns < least {
		t.Errorf("%v ns are lost to the network, want at least %v", ns, least)
	}
	if _, ok := got.Extra[contract.TaskQueue.Unit()]; !ok {
		t.Error("nothing is said of the queue")
	}
}

// Nodes name their counters, and none of them takes the place of a metric of ours.
func TestCountersOfNodes(t *testing.T) {
	greedy := pools.Serial
	greedy.Name = "greedy"
	greedy.Open = func(ctx context.Context, workers int, job pools.Job) (pools.Pool, error) {
		p, err := pools.Serial.Open(ctx, workers, job)
		return &naming{Pool: p}, err
	}
	r := &Runner{}
	defer r.Close()
	got := once(r, Case{Scaling: Strong, Workload: workloads.Sleep, Size: 1, Strategy: greedy, Workers: 1, Procs: 1, Tasks: 3, OneTasks: 3})
	if got.Extra["tasks/op"] != 3 || got.Extra["cpu-ns/op"] > 1e12 || got.Extra["mine/op"] != 1e15 {
		t.Errorf("got %v: want 3 tasks/op, the CPU time that was used, and 1e15 mine/op", got.Extra)
	}
}

// naming is a pool whose workers count each time 1e15 more of what is ours to count.
type naming struct {
	pools.Pool
	calls int64
}

func (p *naming) Usage(context.Context) (pools.Usage, error) {
	p.calls++
	n := p.calls * 1e15
	return pools.Usage{Counters: map[string]int64{"tasks": n, "cpu-ns": n, "mine": n}}, nil
}

// A node on another machine runs what its own catalogue has and nothing else: no directory
// and no address of the coordinator's machine, nothing that is watched there, no size
// without end; and a spec that it takes gives the number that the coordinator gets.
func TestProgramOfNodes(t *testing.T) {
	spec := func(o workloads.Options) string { return workloads.Spec(workloads.Spin, o) }
	for _, tt := range []struct{ spec, want string }{
		{"rm -rf /", "workload"},
		{"workload=none/size=1/seed=1", `unknown workload "none"`},
		{"workload=hash/size=99999999999999/seed=1", "size"},
		{"workload=hash/size=-1/seed=1", "size"},
		{spec(workloads.Options{Dir: "/tmp"}), "workload=spin needs a directory or a server of the machine that measures"},
		{spec(workloads.Options{Addr: "127.0.0.1:1"}), "needs a directory or a server"},
		{spec(workloads.Options{}) + traceKey + "%2Ftmp", "leave them out, or measure without -join"},
		{counted + spec(workloads.Options{}), "leave them out, or measure without -join"},
		{"workload=" + strings.Repeat("x", 1<<16), "unknown workload"},
	} {
		if task, err := Program(false).Open(t.Context(), tt.spec); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.60s: %v, want an error with %q", tt.spec, err, tt.want)
			if err == nil {
				task.Close()
			}
		}
	}
	good := spec(workloads.Options{Size: 1})
	task, err := Program(false).Open(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	defer task.Close()
	here, err := Program(true).Check(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	if there, err := task.Do(t.Context(), 0); err != nil || there != here {
		t.Errorf("task 0 gives %#x, %v on a node, and %#x here", there, err, here)
	}
}

func TestMachines(t *testing.T) {
	nodes := []remote.Node{
		{Host: "a", System: "linux/amd64", Procs: 2, Machine: []string{"goos: linux", "cpu: AMD; EPYC"}},
		{Host: "my, laptop", System: "darwin/arm64", Procs: 8},
		{Host: "a", System: "linux/amd64", Procs: 4},
	}
	if got, want := machines(nodes), "a linux/amd64, 2 processors, AMD, EPYC; my??laptop darwin/arm64, 8 processors"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := places(nodes), "a 2, my??laptop 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The axes of remote workers: workers, or nodes with a number of workers each; strong and
// weak; each network a curve of its own, and what is the default is not named.
func TestRemoteCases(t *testing.T) {
	names := func(p Plan, s Scaling) (all []string) {
		p.Asked = ParsePattern("Strong/workload=sleep/strategy=remote$")
		cases, err := p.Cases(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if c.Strategy.Remote {
				all = append(all, string(s)+"/"+c.Name())
			}
		}
		return slices.DeleteFunc(all, func(name string) bool { return !strings.Contains(name, "workload=sleep/") })
	}
	link := remote.Link{RTT: 2 * time.Millisecond}
	for _, tt := range []struct {
		plan  Plan
		scale Scaling
		want  []string
	}{
		{Plan{Levels: []int{1, 2}}, Strong, []string{"workers=1", "workers=2"}},
		{Plan{Levels: []int{1, 2}}, Weak, []string{"workers=1", "workers=2"}},
		{Plan{Levels: []int{2, 4}, Remote: RemotePlan{Nodes: []int{2}}}, Weak, []string{"nodes=2/workers=2", "nodes=2/workers=4"}},
		{Plan{Levels: []int{1, 2}, Remote: RemotePlan{PerNode: 3}}, Strong, []string{"per-node=3/nodes=1", "per-node=3/nodes=2"}},
		{Plan{Levels: []int{1}, Remote: RemotePlan{PerNode: 3}}, Weak, []string{"per-node=3/nodes=1"}},
	} {
		tt.plan.CPUs = 2
		var want []string
		for _, end := range tt.want {
			want = append(want, string(tt.scale)+"/workload=sleep/strategy=remote/serial=0/cores=real/"+end)
		}
		if d := cmp.Diff(want, names(tt.plan, tt.scale)); d != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.plan.Remote, d)
		}
	}
	p := Plan{CPUs: 2, Levels: []int{1}, Remote: RemotePlan{Links: []remote.Link{{}, link}, Queues: remote.Queues, Prefetch: []int{0, 3}}}
	want := []string{}
	for _, l := range []string{"", "link=2ms/"} {
		for _, q := range []string{"", "queue=queuegroup/", "queue=request/"} {
			for _, w := range []string{"window=1/", "window=4/"} {
				want = append(want, "Strong/workload=sleep/strategy=remote/"+q+w+l+"serial=0/cores=real/workers=1")
			}
		}
	}
	if d := cmp.Diff(want, names(p, Strong)); d != "" {
		t.Errorf("links and queues (-want +got):\n%s", d)
	}
}
