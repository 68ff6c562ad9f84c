package main

// A situation is what runs beside the measurement.
type situation struct {
	name string // of its file
	load string // of makeLoad; "" is none
	doc  string
}

// reference is the file of the quiet measurement that says what is true. Stored runs
// have their main results under this name.
const reference = "results"

var situations = []situation{
	{"none", "", "nothing else runs"},
	{"loop", "loop", "one thread is busy all the time"},
	{"loops", "loops", "two threads are busy all the time"},
	{"comes-and-goes", "spells", "one thread is busy for a second, and for a second it is not"},
	{"memory", "memory", "one thread copies 64 MiB again and again"},
	{"disk", "disk", "one thread writes 1 MiB and waits until it is on the disk, again and again"},
}
