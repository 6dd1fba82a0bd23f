// Stands in for NCCL and the CUDA run-time where there is no GPU: "device" memory is that of the host, and the ranks of a communicator are processes that
// meet in a shared memory file named by the unique id. Signatures are those of nccl.h (2.18) and cuda_runtime_api.h. Every rank does one collective after
// the other, with at most CAPACITY numbers. Arguments that a real library would take wrongly are error 4, invalid argument.
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CAPACITY = 4096, MOST_RANKS = 8, FLOAT32 = 7, SUM = 0, INVALID = 4, REMOTE = 6, NOT_READY = 600 };

typedef struct { char internal[128]; } ncclUniqueId;
typedef struct { pthread_barrier_t barrier; float numbers[MOST_RANKS][CAPACITY]; } Meeting;
struct ncclComm { int rank, ranks, aborted; Meeting *meeting; };
typedef struct ncclComm *ncclComm_t;
typedef void *cudaStream_t;

static int device = -1;

int ncclGetVersion(int *version) { *version = 21805; return 0; }

int ncclGetUniqueId(ncclUniqueId *id) {
    memset(id, 7, sizeof *id); // all 128 bytes must reach the other ranks
    snprintf(id->internal, sizeof id->internal, "%s", getenv("NCCL_STUB_FILE"));
    int file = open(id->internal, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ftruncate(file, sizeof(Meeting)) != 0) return 2;
    Meeting *meeting = mmap(0, sizeof *meeting, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    pthread_barrierattr_t attributes;
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&meeting->barrier, &attributes, atoi(getenv("NCCL_STUB_RANKS")));
    return 0;
}

int ncclCommInitRank(ncclComm_t *comm, int ranks, ncclUniqueId id, int rank) {
    if (id.internal[127] != 7 || rank < 0 || rank >= ranks || ranks > MOST_RANKS || device < 0) return INVALID;
    int file = open(id.internal, O_RDWR);
    if (file < 0) return 2;
    *comm = calloc(1, sizeof **comm);
    (*comm)->rank = rank;
    (*comm)->ranks = ranks;
    (*comm)->meeting = mmap(0, sizeof(Meeting), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return 0;
}

int ncclCommDestroy(ncclComm_t comm) { free(comm); return 0; }
int ncclCommAbort(ncclComm_t comm) { comm->aborted = 1; FILE *file = fopen(getenv("NCCL_STUB_ABORTED"), "w"); if (file) fclose(file); return 0; }
int ncclCommGetAsyncError(ncclComm_t comm, int *error) { *error = comm && getenv("NCCL_STUB_FAIL") ? REMOTE : 0; return 0; }
const char *ncclGetErrorString(int error) { return error == REMOTE ? "remote process exited or there was a network error" : "invalid argument"; }

static int meet(ncclComm_t comm, const float *send, size_t count, int type, cudaStream_t stream) {
    if (type != FLOAT32 || stream != 0 || count > CAPACITY || comm->aborted) return INVALID;
    memcpy(comm->meeting->numbers[comm->rank], send, count * sizeof(float));
    pthread_barrier_wait(&comm->meeting->barrier);
    return 0;
}

static float total(ncclComm_t comm, size_t i) {
    float sum = 0;
    for (int rank = 0; rank < comm->ranks; rank++) sum += comm->meeting->numbers[rank][i];
    return sum;
}

static int leave(ncclComm_t comm) { pthread_barrier_wait(&comm->meeting->barrier); return 0; }

int ncclAllReduce(const void *send, void *receive, size_t count, int type, int operation, ncclComm_t comm, cudaStream_t stream) {
    if (getenv("NCCL_STUB_HANG")) return 0; // never done: cudaStreamQuery says so
    if (operation != SUM || meet(comm, send, count, type, stream)) return INVALID;
    for (size_t i = 0; i < count; i++) ((float *)receive)[i] = total(comm, i);
    return leave(comm);
}

int ncclReduceScatter(const void *send, void *receive, size_t count, int type, int operation, ncclComm_t comm, cudaStream_t stream) {
    if (operation != SUM || meet(comm, send, count * comm->ranks, type, stream)) return INVALID;
    for (size_t i = 0; i < count; i++) ((float *)receive)[i] = total(comm, comm->rank * count + i);
    return leave(comm);
}

int ncclAllGather(const void *send, void *receive, size_t count, int type, ncclComm_t comm, cudaStream_t stream) {
    if (meet(comm, send, count, type, stream)) return INVALID;
    for (int rank = 0; rank < comm->ranks; rank++) memcpy((float *)receive + rank * count, comm->meeting->numbers[rank], count * sizeof(float));
    return leave(comm);
}

int ncclBroadcast(const void *send, void *receive, size_t count, int type, int root, ncclComm_t comm, cudaStream_t stream) {
    if (root < 0 || root >= comm->ranks || meet(comm, send, count, type, stream)) return INVALID;
    memcpy(receive, comm->meeting->numbers[root], count * sizeof(float));
    return leave(comm);
}

int cudaSetDevice(int number) { device = number; return number < 8 ? 0 : 101; }
int cudaStreamQuery(cudaStream_t stream) { return stream != 0 ? 400 : getenv("NCCL_STUB_HANG") ? NOT_READY : 0; }
