package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"amdahl/bench/machine"
	"amdahl/pools"
	"amdahl/pools/remote"
	"amdahl/workloads"
)

// Remote is the strategy of package pools/remote. It is registered here, so that
// who imports pools does not link NATS. A [Runner] keeps the nodes from case to
// case; Open of this literal starts nodes on this machine, which end with the pool.
var Remote = pools.Strategy{
	Name:        remote.Name,
	Doc:         remote.Doc,
	Concurrency: pools.Workers,
	Processes:   true,
	Remote:      true,
	Sweeps:      []string{remoteSlow, remoteWait},
	Open: func(ctx context.Context, workers int, job pools.Job) (pools.Pool, error) {
		h, err := remote.NewHub(Program(true), remote.Options{Start: remote.StartLocal(pools.StartHelper)})
		if err != nil {
			return nil, err
		}
		p, err := h.Open(ctx, workers, job, remote.Shape{})
		if err != nil {
			return nil, errors.Join(err, h.Close())
		}
		return &ownHub{p, h}, nil
	},
}

// An ownHub is a pool that ends its hub.
type ownHub struct {
	*remote.Pool
	hub *remote.Hub
}

func (p *ownHub) Close() error { return errors.Join(p.Pool.Close(), p.hub.Close()) }

// Strategies lists all strategies that can be measured: those of package pools, and
// Remote.
var Strategies = append(slices.Clone(pools.All), Remote)

// Program is this program as coordinator and node. A node on the machine of its
// coordinator (local) takes any spec; one on another machine refuses specs that name
// a directory or an address of the coordinator's machine.
func Program(local bool) remote.Program {
	return remote.Program{
		Catalogue: catalogueHash(),
		Open: func(_ context.Context, spec string) (pools.Task, error) {
			if !local {
				if err := portable(spec); err != nil {
					return nil, err
				}
			}
			return openCounted(spec, hardware, openTask)
		},
		Check:   checksum,
		Machine: machineLines,
		CPU:     cpuTime,
	}
}

// catalogueHash is a hash of what specs can name: workloads with their sizes and
// variants.
func catalogueHash() string {
	h := sha256.New()
	for _, w := range workloads.All {
		fmt.Fprintln(h, w.Name, w.Size, w.MaxSize, w.SizeUnit, w.Variants, w.Skewed)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// bare is a spec without what only says how it is watched.
func bare(spec string) string {
	spec, _, _ = strings.Cut(strings.TrimPrefix(spec, counted), traceKey)
	return spec
}

// portable refuses a spec that another machine cannot run.
func portable(spec string) error {
	if spec != bare(spec) {
		return errors.New("bench: -why, -timeline and -perf watch workers on the machine that measures: leave them out, or measure without -join")
	}
	w, o, err := workloads.ParseSpec(spec)
	if err != nil {
		return err
	}
	if o.Dir != "" || o.Addr != "" {
		return fmt.Errorf("bench: workload=%s needs a directory or a server of the machine that measures, which other machines do not reach: measure workload=sleep or one that computes", w.Name)
	}
	return nil
}

// checksum is the number of task 0 of a spec, by which coordinator and nodes see
// whether they have the same tasks. It is 0 where several processes cannot run a task
// at the same time, because it writes somewhere.
func checksum(ctx context.Context, spec string) (uint64, error) {
	spec = bare(spec)
	_, o, err := workloads.ParseSpec(spec)
	if err != nil || o.Dir != "" || o.Addr != "" {
		return 0, err
	}
	job, err := workloads.Open(spec)
	if err != nil {
		return 0, err
	}
	sum, err := job.Do(ctx, 0)
	return sum, errors.Join(err, job.Close())
}

// machineLines describes this machine.
func machineLines() []string {
	var text strings.Builder
	if err := machine.WriteEnvironment(&text, 0); err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(text.String()), "\n")
}
