package read

import (
	"slices"
	"strings"

	"amdahl/bench/contract"
)

// The words by which people name what counts workers, in lower case.
var (
	// exactKeys are the keys of benchmark names that are taken without a note.
	exactKeys = contract.WorkerKeys

	workerWords = strings.Fields(`workers worker nworkers numworkers workercount threads thread nthreads numthreads nthread ntasks threadcount
		nproc nprocs procs proc np numprocs processes process processors processor cores core ncores numcores cpus cpu ncpu ncpus
		goroutines goroutine routines gomaxprocs maxprocs concurrency concurrent parallelism parallel conc
		clients client users user connections connection conns conn vus sessions ranks rank nranks mpi
		jobs readers writers producers consumers nodes pes pe executors agents mappers
		gpus gpu ngpus numgpus vcpus vcpu machines instances replicas pods
		hilos hebras procesos processos processus processi prozesse kerne núcleos nucleos processadores procesadores wątki потоки потоков 线程数 线程 进程数 核数 スレッド数`)

	// The same of other columns of tables, in the languages in which people wrote
	// the tables that were tried.
	timeWords    = strings.Fields(`tempo tempos duração duracao zeit laufzeit dauer temps durée duree tiempo duración duracion durata czas время 时间 耗时 時間 実行時間`)
	speedupWords = strings.Fields(`aceleração aceleracao aceleración aceleracion beschleunigung accélération accelerazione przyspieszenie ускорение 加速比`)
	derivedWords = strings.Fields(`eficiência eficiencia effizienz efficacité efficacite efficienza efektywność эффективность 效率 desvio desviación desviacion abweichung écart`)

	// sizeWords name numbers that are no workers.
	sizeWords = strings.Fields(`size sizes len length bytes byte kb mb gb kib mib buf buffer bufsize items item elements elems elem elts rows row
		cols keys key entries entry records depth level levels capacity cap chunk chunks block blocks blocksize page pages msg msgs message messages
		payload cost rounds round seed id version width height dim dims order degree shards shard partitions iterations iters iter repeats
		scale scales scalefactor sf resolution grid mesh particles bodies points steps epochs vertices edges dimension dimensions problem
		batch batchsize window rate ttl timeout delay sleep ms us ns sec prefix suffix bits bit hash sha sha1 aes limit max min count total num
		values value load factor percent pct write read hit miss level compression quality objects fields params args funcs depth`)
)

var (
	workerSet, sizeSet              = setOf(workerWords), setOf(sizeWords)
	timeSet, speedupSet, derivedSet = setOf(timeWords), setOf(speedupWords), setOf(derivedWords)
)

func setOf(words []string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		set[w] = true
	}
	return set
}

// longestWord is how long a word is looked up at most, with what joins its parts.
const longestWord = 40

func isWorkerWord(w string) bool { return len(w) <= longestWord && workerSet[plainWord(w)] }
func isSizeWord(w string) bool   { return len(w) <= longestWord && sizeSet[plainWord(w)] }

// exactKey is the place of a key in [contract.WorkerKeys], -1 if it is not there.
// Capitals do not matter.
func exactKey(w string) int { return slices.Index(exactKeys, strings.ToLower(w)) }

// plainWord is a word in lower case without the signs that join words:
// "num_threads" is "numthreads", and "OMP_NUM_THREADS" is as well.
func plainWord(w string) string {
	w = joins.Replace(strings.ToLower(w))
	for _, prefix := range qualifiers {
		if rest, ok := strings.CutPrefix(w, prefix); ok && workerSet[rest] {
			return rest
		}
	}
	if rest, ok := strings.CutSuffix(w, "count"); ok && workerSet[rest] {
		return rest
	}
	return w
}

var (
	joins      = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")
	qualifiers = []string{"omp", "mkl", "openblas", "rayon", "julia", "cilk", "tbb", "goto", "the", "max", "number", "numof", "numberof", "nof", "total", "num", "nb", "nr", "n"}
)
