package why

import "amdahl/bench/contract"

// A Cause is where worker time can go, in words: its name is in package
// contract.
type Cause struct {
	Name   contract.Cause // as in the metric: "serial" of serial-ns/op
	Title  string         // as in a legend or a table
	Phrase string         // as in "41 % is lost to the serial section"
	Doc    string         // one line
	Loss   bool           // the best serial run does not have it
}

// All lists the causes in the order of [contract.Causes], in which they are
// stacked from below and printed. To add one, write its name there and one
// literal and one line here, and choose its colour in package charts.
var All = []*Cause{
	Useful, IO, Serial, Lock, Channel, Interpreter, Queued, Runnable, Inflation, Dispatch, Network, TaskQueue, Imbalance, GC, Unattributed,
}

var (
	Useful = &Cause{
		Name: contract.Useful, Title: "useful compute", Phrase: "useful compute",
		Doc: "compute, as much as the best serial run needs",
	}
	IO = &Cause{
		Name: contract.IO, Title: "waiting for I/O", Phrase: "waiting for I/O",
		Doc: "a task waits for something outside: a timer, a disk, a server",
	}
	Serial = &Cause{
		Name: contract.Serial, Title: "serial section", Phrase: "the serial section", Loss: true,
		Doc: "the other workers idle while one runs the serial tasks",
	}
	Lock = &Cause{
		Name: contract.Lock, Title: "waiting for a lock", Phrase: "waiting for a lock", Loss: true,
		Doc: "a task waits for a lock that another holds",
	}
	Channel = &Cause{
		Name: contract.Channel, Title: "waiting at a channel", Phrase: "waiting at a channel", Loss: true,
		Doc: "a goroutine waits for another at a channel or a condition variable",
	}
	Interpreter = &Cause{
		Name: contract.Interpreter, Title: "interpreter lock", Phrase: "the interpreter lock", Loss: true,
		Doc: "a task waits for the one lock under which all compute runs",
	}
	Queued = &Cause{
		Name: contract.Queued, Title: "queued for a core", Phrase: "queueing for a core", Loss: true,
		Doc: "a task waits for one of so many cores, or for the event loop",
	}
	Runnable = &Cause{
		Name: contract.Runnable, Title: "no processor free", Phrase: "lack of a processor", Loss: true,
		Doc: "ready to run, but other work has the processors",
	}
	Inflation = &Cause{
		Name: contract.Inflation, Title: "inflation", Phrase: "inflation", Loss: true,
		Doc: "the same compute takes longer than in the best serial run: caches, SMT, clock",
	}
	Dispatch = &Cause{
		Name: contract.Dispatch, Title: "dispatch", Phrase: "dispatch", Loss: true,
		Doc: "a worker without a task while there are some: handing out and gathering",
	}
	Network = &Cause{
		Name: contract.Network, Title: "network", Phrase: "the network", Loss: true,
		Doc: "a remote worker without a task while the next one is on its way",
	}
	TaskQueue = &Cause{
		Name: contract.TaskQueue, Title: "queue of tasks", Phrase: "the queue of tasks", Loss: true,
		Doc: "a remote worker without a task for longer than a round trip, while tasks wait in the queue or with another worker",
	}
	Imbalance = &Cause{
		Name: contract.Imbalance, Title: "imbalance", Phrase: "imbalance", Loss: true,
		Doc: "a worker without a task while the others run the last ones",
	}
	GC = &Cause{
		Name: contract.GC, Title: "garbage collection", Phrase: "garbage collection", Loss: true,
		Doc: "processors collect garbage instead",
	}
	Unattributed = &Cause{
		Name: contract.Unattributed, Title: "unattributed", Phrase: "causes that are not known",
		Doc: "paid for, and not known where it went",
	}
)

// paid is the unit of what the parts add up to, in seconds.
var paid = contract.InSeconds(contract.UnitPaid)

// unit is that of a cause's metric, in seconds: serial-ns/op is read as
// serial-sec/op.
func (c *Cause) unit() string { return contract.InSeconds(c.Name.Unit()) }
