package replay

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"amdahl/bench/contract"
)

func exponential(rng *rand.Rand, mean time.Duration) time.Duration {
	return time.Duration(rng.ExpFloat64() * float64(mean))
}

// One server and customers that arrive at given times: Lindley's recursion,
// W(k+1) = max(0, W(k) + S(k) − A(k+1)), gives each wait exactly.
func TestLindley(t *testing.T) {
	const customers = 20_000
	rng := rand.New(rand.NewPCG(3, 1))
	for _, c := range []struct {
		name   string
		server Kind
		m      Machine
	}{
		{"lock", Locked, Machine{}},
		{"core", Compute, Machine{Cores: 1}},
		{"interpreter", Compute, Machine{Interpreter: true, Switch: time.Hour}},
	} {
		j := Job{Tasks: make([]Task, customers)}
		want := make([]time.Duration, customers)
		var arrival, service, end, sum time.Duration
		for k := range want {
			gap := exponential(rng, ms)
			if k > 0 {
				want[k] = max(0, want[k-1]+service-gap)
			}
			arrival += gap
			service = exponential(rng, ms*9/10)
			j.Tasks[k] = Task{{Wait, arrival}, {c.server, service}}
			end = arrival + want[k] + service
			sum += want[k]
		}
		c.m.Record = true
		out := run(t, j, c.m)
		got := make([]time.Duration, customers)
		for _, s := range out.Slices {
			if s.Kind == LockWait || s.Kind == CoreWait || s.Kind == InterpreterWait {
				got[s.Task] = s.End - s.Start
			}
		}
		for k := range want {
			if got[k] != want[k] {
				t.Fatalf("%s: customer %d waited %v, want %v", c.name, k, got[k], want[k])
			}
		}
		if p := out.Parts; out.Time != end || p[contract.Lock]+p[contract.Queued]+p[contract.Interpreter] != sum {
			t.Errorf("%s: T = %v, want %v; waited %v, want %v", c.name, out.Time, end, p[contract.Lock]+p[contract.Queued]+p[contract.Interpreter], sum)
		}
	}
}

// mva is exact mean value analysis of n customers that think for z and are
// served for s by one server: throughput and time at the server.
// Source: Reiser & Lavenberg, JACM 27(2), 1980.
func mva(n int, z, s float64) (throughput, response float64) {
	queue := 0.0
	for k := 1; k <= n; k++ {
		response = s * (1 + queue)
		throughput = float64(k) / (z + response)
		queue = throughput * response
	}
	return throughput, response
}

// repairmen is the throughput of the same with c servers, from the balance of
// arrivals and departures in each state.
func repairmen(n, c int, z, s float64) float64 {
	p, all, rate := 1.0, 1.0, 0.0
	for k := 1; k <= n; k++ {
		served := float64(min(k, c)) / s
		p *= float64(n-k+1) / z / served
		all += p
		rate += p * served
	}
	return rate / all
}

// Workers that wait and then need one of c servers, for random times, against
// the theory of closed queueing networks. Seeded, so the error is always the
// same; it is that of sampling.
func TestClosedNetwork(t *testing.T) {
	const tasks, z, s = 200_000, 8 * ms, ms
	for _, c := range []struct {
		name    string
		server  Kind
		servers int
		m       Machine
	}{
		{"lock", Locked, 1, Machine{}},
		{"interpreter", Compute, 1, Machine{Interpreter: true}},
		{"one core", Compute, 1, Machine{Cores: 1}},
		{"one core, shared", Compute, 1, Machine{Cores: 1, Quantum: ms / 10}},
		{"three cores", Compute, 3, Machine{Cores: 3}},
	} {
		for _, n := range networkSizes {
			rng := rand.New(rand.NewPCG(3, uint64(n)))
			j := Job{Tasks: make([]Task, tasks)}
			for i := range j.Tasks {
				j.Tasks[i] = Task{{Wait, exponential(rng, z)}, {c.server, exponential(rng, s)}}
			}
			c.m.Workers = n
			out := run(t, j, c.m)
			got, want := tasks/out.Time.Seconds(), repairmen(n, c.servers, z.Seconds(), s.Seconds())
			if math.Abs(got/want-1) > 0.01 {
				t.Errorf("%s, n = %d: %.1f tasks/s, want %.1f", c.name, n, got, want)
			}
			if c.servers > 1 {
				continue
			}
			throughput, response := mva(n, z.Seconds(), s.Seconds())
			if math.Abs(throughput/want-1) > 1e-9 {
				t.Errorf("n = %d: mean values give %v tasks/s, balance gives %v", n, throughput, want)
			}
			p := out.Parts
			if got := (p[contract.Lock] + p[contract.Interpreter] + p[contract.Queued] + p[contract.Useful]).Seconds() / tasks; math.Abs(got/response-1) > 0.015 {
				t.Errorf("%s, n = %d: %.6f s at the server, want %.6f", c.name, n, got, response)
			}
		}
	}
}
