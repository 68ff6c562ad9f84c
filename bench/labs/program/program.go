// Package program is the work of the lab "The law": a program of which a part is
// serial, on slow processors.
//
// A processor is slow because it sleeps: an instruction takes it [Step], whatever the
// machine has. So sixteen workers behave like sixteen processors on any laptop.
package program

import (
	"math/rand/v2"
	"sync"
	"time"
)

const (
	Pieces = 64                   // of the parallel part, all of one length
	Step   = 20 * time.Nanosecond // what an instruction takes
)

// A Program is a serial part, which one worker runs alone, and Pieces pieces that any
// number of workers share. Both are in instructions.
type Program struct{ Serial, Piece int }

// Of returns the program of a seed: 1,000,000 instructions or a few more, 7 to 17 % of them
// serial.
func Of(seed uint64) Program {
	rng := rand.New(rand.NewPCG(seed, 1))
	const total = 1_000_000
	serial := 70_000 + rng.IntN(100_000)
	return Program{serial, (total-serial)/Pieces + 1 + rng.IntN(99)}
}

// Total is the number of instructions.
func (p Program) Total() int { return p.Serial + Pieces*p.Piece }

// Longest is the number of instructions of the worker that has most, of n: the serial
// part is one of its own.
func (p Program) Longest(n int) int { return p.Serial + (Pieces+n-1)/n*p.Piece }

// Run runs the program with n workers and returns the instructions that they ran.
func (p Program) Run(n int) int {
	begin := time.Now()
	until := func(instructions int) { time.Sleep(time.Until(begin.Add(time.Duration(instructions) * Step))) }
	until(p.Serial)
	ran := make([]int, n)
	var wg sync.WaitGroup
	for w := range n {
		wg.Go(func() {
			for i := w; i < Pieces; i += n {
				ran[w] += p.Piece
				until(p.Serial + ran[w])
			}
		})
	}
	wg.Wait()
	sum := p.Serial
	for _, r := range ran {
		sum += r
	}
	return sum
}
