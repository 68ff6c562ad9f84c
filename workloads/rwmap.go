package workloads

import (
	"context"
	"fmt"
	"sync"
	"time"

	"amdahl/workloads/cores"
)

// RWMap shares a map of 4096 keys among all tasks, which mostly read: of Size
// operations of a task one in 32 writes and the others read. The variants are
//
//	rwmutex  a map under one sync.RWMutex (default)
//	syncmap  a sync.Map
//	sharded  64 maps, each under a sync.RWMutex of its own
//
// Readers do not exclude each other, and yet one RWMutex does not scale: each
// reader writes the count of readers, and that cache line travels between the
// processors; a writer stops them all.
//
// A value read must be that of its key. A write stores the same value as a new
// object, so the number of a task depends on what it read, and on nothing that
// others do. Worker processes have a map each and share nothing. Locks are held
// inside compute, for some nanoseconds.
//
// Source: D. Vyukov and others, "sync: RWMutex scales poorly with CPU count",
// issue 17973 of the Go project.
var RWMap = Workload{
	Name:      "rwmap",
	Doc:       "lookups in a shared map, and a write for each 31 of them",
	Bound:     CPU,
	Size:      4000,
	MaxSize:   1 << 30,
	TestSize:  100,
	TestLarge: 3*rwmapPiece + 5,
	SizeUnit:  "operations",
	Variants:  []string{"rwmutex", "syncmap", "sharded"},
	Cost:      350 * time.Microsecond,
	Ends:      "the cache line of a lock that all readers write",
	Loss:      "inflation",
	Sweeps:    []string{"full/fixed"},
	New:       openRWMap,
}

const (
	rwmapKeys   = 1 << 12
	rwmapShards = 1 << 6
	rwmapWrites = 32      // one operation of so many writes
	rwmapPiece  = 1 << 14 // operations between two looks at ctx
)

// A sharedMap is one kind of map. Its values are objects that nobody changes.
type sharedMap interface {
	load(key uint64) *uint64
	store(key uint64, value *uint64)
}

type rwmapJob struct {
	cores cores.Cores
	seed  uint64
	size  int
	m     sharedMap
}

func openRWMap(o Options) (Job, error) {
	j := &rwmapJob{cores: o.Cores, seed: o.Seed, size: o.Size}
	switch o.Variant {
	case "syncmap":
		j.m = &syncMap{}
	case "sharded":
		m := &shardedMap{}
		for k := range m {
			m[k].m = map[uint64]*uint64{}
		}
		j.m = m
	default:
		j.m = &lockedMap{m: map[uint64]*uint64{}}
	}
	for key := range uint64(rwmapKeys) {
		j.m.store(key, j.value(key))
	}
	return j, nil
}

// value is a new object with the value of a key.
func (j *rwmapJob) value(key uint64) *uint64 {
	s := newStream(j.seed, int(key))
	v := s.next()
	return &v
}

func (j *rwmapJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	err = compute(ctx, j.cores, func() error {
		s := newStream(j.seed, i)
		var d digest
		for k := range j.size {
			if k%rwmapPiece == 0 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if k > 0 {
					j.cores.Yield(ctx)
				}
			}
			key := s.next() % rwmapKeys
			if k%rwmapWrites == rwmapWrites-1 {
				v := j.value(key)
				d.word(*v)
				j.m.store(key, v)
				continue
			}
			v := j.m.load(key)
			if v == nil {
				return fmt.Errorf("key %d is not in the map", key)
			}
			d.word(*v)
		}
		sum = uint64(d)
		return nil
	})
	if err != nil {
		return 0, taskError(ctx, "rwmap", i, err)
	}
	return sum, nil
}

func (j *rwmapJob) Close() error { return nil }

// A lockedMap is a map under one lock.
type lockedMap struct {
	mu sync.RWMutex
	m  map[uint64]*uint64
}

func (m *lockedMap) load(key uint64) *uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.m[key]
}

func (m *lockedMap) store(key uint64, value *uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.m[key] = value
}

// A shardedMap is many, chosen by the key; each has cache lines of its own.
type shardedMap [rwmapShards]struct {
	lockedMap
	_ [128 - 32]byte
}

func (m *shardedMap) load(key uint64) *uint64         { return m[key%rwmapShards].load(key) }
func (m *shardedMap) store(key uint64, value *uint64) { m[key%rwmapShards].store(key, value) }

type syncMap struct{ m sync.Map }

func (m *syncMap) load(key uint64) *uint64 {
	v, _ := m.m.Load(key)
	p, _ := v.(*uint64)
	return p
}

func (m *syncMap) store(key uint64, value *uint64) { m.m.Store(key, value) }
