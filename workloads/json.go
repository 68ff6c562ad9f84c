package workloads

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"amdahl/workloads/cores"
)

// JSON writes and reads records: a task makes Size of them from the seed and
// its number, encodes them with encoding/json, decodes the text, and compares.
// Its number depends on every byte of the text. It makes much garbage, as most
// servers do.
var JSON = Workload{
	Name:      "json",
	Doc:       "encodes records as JSON, decodes and compares them",
	Bound:     CPU,
	Size:      30,
	MaxSize:   1 << 24,
	TestSize:  3,
	TestLarge: 3*jsonPiece + 5,
	SizeUnit:  "records",
	Cost:      350 * time.Microsecond,
	Ends:      "the garbage collector",
	Loss:      "gc",
	Sweeps:    []string{"full/fixed"},
	New: func(o Options) (Job, error) {
		return &jsonJob{o.Cores, o.Seed, o.Size}, nil
	},
}

// jsonPiece is how many records are in one text: a task looks at ctx between
// two of them.
const jsonPiece = 256

// An order is one record.
type order struct {
	ID       uint64            `json:"id"`
	Customer string            `json:"customer"`
	Paid     bool              `json:"paid"`
	Total    float64           `json:"total"`
	Lines    []orderLine       `json:"lines"`
	Labels   map[string]string `json:"labels"`
}

type orderLine struct {
	Article string `json:"article"`
	Count   int    `json:"count"`
}

// newOrder makes one from the stream.
func newOrder(s *stream) order {
	x := s.next()
	o := order{ID: x, Paid: x&1 == 0, Total: float64(x>>40) / 100, Labels: map[string]string{"channel": syllables[x>>8&15]}}
	o.Customer = string(appendText(nil, s, 20))
	for range 1 + x>>61 {
		x = s.next()
		o.Lines = append(o.Lines, orderLine{syllables[x&15] + syllables[x>>4&15], int(x >> 56)})
	}
	return o
}

type jsonJob struct {
	cores cores.Cores
	seed  uint64
	size  int
}

func (j *jsonJob) Do(ctx context.Context, i int) (sum uint64, err error) {
	err = compute(ctx, j.cores, func() error {
		s := newStream(j.seed, i)
		var d digest
		for left := j.size; left > 0; left -= jsonPiece {
			if err := ctx.Err(); err != nil {
				return err
			}
			if left < j.size {
				j.cores.Yield(ctx)
			}
			orders := make([]order, min(left, jsonPiece))
			for k := range orders {
				orders[k] = newOrder(&s)
			}
			text, err := json.Marshal(orders)
			if err != nil {
				return err
			}
			var again []order
			if err := json.Unmarshal(text, &again); err != nil {
				return fmt.Errorf("what was encoded cannot be decoded: %w", err)
			}
			if !reflect.DeepEqual(orders, again) {
				return errors.New("the records are not those that were encoded")
			}
			d.bytes(text)
		}
		sum = uint64(d)
		return nil
	})
	if err != nil {
		return 0, taskError(ctx, "json", i, err)
	}
	return sum, nil
}

func (j *jsonJob) Close() error { return nil }
