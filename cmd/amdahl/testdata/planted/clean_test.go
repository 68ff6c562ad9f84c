package planted

import (
	"bytes"
	"hash/crc32"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Programs that share nothing, and lose next to nothing.
func BenchmarkClean(b *testing.B) {
	table := map[int]int{}
	for i := range 1000 {
		table[i] = i
	}
	text := []byte(strings.Repeat("the quick brown fox ", 200))
	for _, c := range []struct {
		name string
		new  func() func()
	}{
		{"compute", func() func() { return func() { work(200_000) } }},
		{"float", func() func() {
			return func() {
				x := 1.0
				for i := range 20_000 {
					x = math.Sqrt(x + float64(i))
				}
				if x < 0 {
					sink.Add(1)
				}
			}
		}},
		{"crc", func() func() { return func() { crc32.ChecksumIEEE(text) } }},
		{"fnv", func() func() {
			return func() {
				h := fnv.New64a()
				h.Write(text)
			}
		}},
		{"sort", func() func() {
			list := make([]int, 2000)
			return func() {
				for i := range list {
					list[i] = i * 7919 % 2003
				}
				slices.Sort(list)
			}
		}},
		{"search", func() func() {
			list := make([]int, 10_000)
			for i := range list {
				list[i] = 2 * i
			}
			return func() {
				for i := range 1000 {
					sort.SearchInts(list, i*17)
				}
			}
		}},
		{"table", func() func() {
			return func() {
				sum := 0
				for i := range 2000 {
					sum += table[i%1000]
				}
			}
		}},
		{"own map", func() func() {
			m := map[int]int{}
			return func() {
				for i := range 2000 {
					m[i%500]++
				}
			}
		}},
		{"own counter", func() func() {
			c := &struct {
				_ [128]byte
				n atomic.Uint64
				_ [128]byte
			}{}
			return func() {
				for range 5000 {
					c.n.Add(1)
				}
			}
		}},
		{"random", func() func() {
			r := rand.New(rand.NewPCG(1, 2))
			return func() {
				for range 10_000 {
					r.Uint64()
				}
			}
		}},
		{"numbers", func() func() {
			buf := make([]byte, 0, 64)
			return func() {
				for i := range 2000 {
					buf = strconv.AppendInt(buf[:0], int64(i)*123457, 10)
				}
				bytes.Count(buf, []byte("1"))
			}
		}},
		{"sleep", func() func() { return func() { time.Sleep(2 * time.Millisecond) } }},
	} {
		b.Run("cause=none/of="+strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				f := c.new()
				for pb.Next() {
					f()
				}
			})
		})
	}
}
