package workloads

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"amdahl/workloads/cores"
)

// Spec writes w and o in the notation of benchmark names:
//
//	workload=hash/size=4096/seed=1[/variant=…][/locked=…][/skew=…][/dir=…][/addr=…][/cores=…][/procs=…]
//
// The size and the seed are always there, the others if they are set. In a
// value everything but ASCII letters, digits and the characters -_.~$&+:@ is
// percent-escaped. From the spec, [Open] makes the same job in any process of
// this machine, if w was prepared and o is what Prepare made of the options.
func Spec(w Workload, o Options) string {
	o = w.complete(o)
	if o.Skew == Skews[0] {
		o.Skew = "" // equal lengths go without saying
	}
	spec := fmt.Sprintf("workload=%s/size=%d/seed=%d", w.Name, o.Size, o.Seed)
	locked, procs := "", ""
	if o.Locked != 0 {
		locked = strconv.FormatFloat(o.Locked, 'g', -1, 64)
	}
	if o.Procs != 0 {
		procs = strconv.Itoa(o.Procs)
	}
	for _, kv := range []struct{ key, value string }{
		{"variant", o.Variant}, {"locked", locked}, {"skew", o.Skew}, {"dir", o.Dir}, {"addr", o.Addr}, {"cores", o.CoresName}, {"procs", procs},
	} {
		if kv.value != "" {
			spec += "/" + kv.key + "=" + escape(kv.value)
		}
	}
	return spec
}

// escape escapes a value of a spec; url.PathUnescape undoes it.
func escape(value string) string {
	return strings.ReplaceAll(url.PathEscape(value), "=", "%3D")
}

// ParseSpec reads what [Spec] writes. The keys may stand in any order;
// workload must be there, and no key twice. The size, the seed, the workload
// and the name of the cores are checked; nothing is opened.
func ParseSpec(spec string) (Workload, Options, error) {
	w, o, err := parseSpec(spec)
	if err != nil {
		// What an address may hold, a password for one, is not shown.
		shown, _, hidden := strings.Cut(spec, "addr=")
		if hidden {
			shown += "addr=…"
		}
		return Workload{}, Options{}, fmt.Errorf("workloads: spec %q: %w", shown, err)
	}
	return w, o, nil
}

func parseSpec(spec string) (w Workload, o Options, err error) {
	values := map[string]string{}
	secret := false // this part, or one before it, is an address
	for part := range strings.SplitSeq(spec, "/") {
		key, value, err := parsePart(part)
		secret = secret || strings.HasPrefix(part, "addr=")
		if err != nil && secret {
			return w, o, errors.New("addr= or what follows cannot be read: inside a value write / as %2F, = as %3D and % as %25")
		}
		if err != nil {
			return w, o, err
		}
		if _, ok := values[key]; ok {
			return w, o, fmt.Errorf("%s= is there twice", key)
		}
		values[key] = value
	}
	name, ok := values["workload"]
	if !ok {
		return w, o, errors.New("workload= is missing: want workload=NAME/size=N/seed=N")
	}
	if w, err = find(name); err != nil {
		return w, o, err
	}
	if text, ok := values["size"]; ok {
		if o.Size, err = strconv.Atoi(text); err != nil || o.Size == 0 {
			return w, o, fmt.Errorf("size=%s: want a whole number of %s, 1 to %d", text, w.SizeUnit, w.MaxSize)
		}
	}
	if text, ok := values["seed"]; ok {
		if o.Seed, err = strconv.ParseUint(text, 10, 64); err != nil || o.Seed == 0 {
			return w, o, fmt.Errorf("seed=%s: want a whole number, 1 to 2^64-1", text)
		}
	}
	if text, ok := values["locked"]; ok {
		if o.Locked, err = strconv.ParseFloat(text, 64); err != nil || !(o.Locked > 0) {
			return w, o, fmt.Errorf("locked=%s: want the share of every task that is under a lock, above 0 and up to 1", text)
		}
	}
	if text, ok := values["procs"]; ok {
		if o.Procs, err = strconv.Atoi(text); err != nil || o.Procs < 1 {
			return w, o, fmt.Errorf("procs=%s: want a number of cores from 1", text)
		}
	}
	o.Variant, o.Skew = values["variant"], values["skew"]
	if o, err = w.settle(o); err != nil {
		return w, o, err
	}
	if text, ok := values["cores"]; ok {
		if _, err := cores.Find(text); err != nil {
			return w, o, err
		}
		o.CoresName = text
	}
	o.Dir, o.Addr = values["dir"], values["addr"]
	return w, o, nil
}

// parsePart reads one key=value of a spec.
func parsePart(part string) (key, value string, err error) {
	key, escaped, ok := strings.Cut(part, "=")
	if !ok {
		return "", "", fmt.Errorf("%q is not key=value; inside a value write / as %%2F", part)
	}
	switch key {
	case "workload", "size", "seed", "variant", "locked", "skew", "dir", "addr", "cores", "procs":
	default:
		return "", "", fmt.Errorf("unknown key %q: want workload, size, seed, variant, locked, skew, dir, addr, cores or procs", key)
	}
	if strings.Contains(escaped, "=") {
		return "", "", fmt.Errorf("%q has two =; inside a value write = as %%3D", part)
	}
	if value, err = url.PathUnescape(escaped); err != nil {
		return "", "", fmt.Errorf("%q: %w: write %% as %%25", part, err)
	}
	if value == "" {
		return "", "", fmt.Errorf("%s= has no value: give one or leave the key out", key)
	}
	return key, value, nil
}

// An OpenedJob is a job made by [Open]. Close closes its cores too. Counters
// is empty if the workload counts nothing.
type OpenedJob interface {
	Job
	Counter
}

// Open opens the job of a spec in this process, on cores opened by their
// name. It is what a worker process calls.
func Open(spec string) (OpenedJob, error) {
	return openOn(spec, func(c cores.Cores) cores.Cores { return c })
}

// OpenWatched is [Open] on [cores.Watched]: what carries a [cores.Probe] in
// its ctx is followed.
func OpenWatched(spec string) (OpenedJob, error) { return openOn(spec, cores.Watched) }

func openOn(spec string, as func(cores.Cores) cores.Cores) (OpenedJob, error) {
	w, o, err := ParseSpec(spec)
	if err != nil {
		return nil, err
	}
	model, err := cores.Find(cmp.Or(o.CoresName, cores.Real.Name))
	if err == nil {
		o.Cores, err = model.Open(o.Procs)
	}
	if err != nil {
		return nil, fmt.Errorf("workloads: %w", err)
	}
	o.Cores = as(o.Cores)
	job, err := w.Open(o)
	if err != nil {
		return nil, errors.Join(err, o.Cores.Close())
	}
	return &coredJob{job, o.Cores}, nil
}

// A coredJob is a job that owns its cores.
type coredJob struct {
	Job
	cores cores.Cores
}

func (j *coredJob) Counters() map[string]int64 { return counters(j.Job) }

// counters are the totals of a job; nil if it counts nothing.
func counters(j Job) map[string]int64 {
	if c, ok := j.(Counter); ok {
		return c.Counters()
	}
	return nil
}

func (j *coredJob) Close() error { return errors.Join(j.Job.Close(), j.cores.Close()) }
