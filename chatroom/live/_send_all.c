/* One frame to many sockets. The contract is in send_all.py.

   Where the kernel has io_uring(7) and use_ring() was called, up to RING_SENDS sends are one system call. That saves more than entering the kernel: on the way
   out of every system call a receiver on the same core may run first, and then does, once for each send. Where there is no io_uring,
   or a container forbids it, there is a send(2) each. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <sys/socket.h>

#define NOT_SENT PY_SSIZE_T_MIN

static void send_one_by_one(const int *sockets, Py_ssize_t count, const Py_buffer *frame, Py_ssize_t *sent)
{
    for (Py_ssize_t i = 0; i < count; i++)
        if (sent[i] == NOT_SENT)
            sent[i] = send(sockets[i], frame->buf, frame->len, MSG_DONTWAIT);
}

#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif

#ifdef IORING_SETUP_SUBMIT_ALL
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RING_SENDS 256

static struct {
    int fd;
    int is_open;
    int is_free; /* Read and written with the GIL held: a second thread sends one by one. */
    unsigned *send_head, *send_tail, *done_head, *done_tail;
    struct io_uring_sqe *sends;
    struct io_uring_cqe *done;
    unsigned send_mask, done_mask;
} ring;

/* The memory of a ring is not there after fork(2). */
static void forget_ring(void)
{
    ring.is_free = 0;
}

static void *ring_memory(size_t length, off_t part)
{
    return mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, part);
}

static void open_ring(void)
{
    if (ring.is_open)
        return;
    struct io_uring_params of = {.flags = IORING_SETUP_SUBMIT_ALL};
    ring.fd = syscall(__NR_io_uring_setup, RING_SENDS, &of);
    if (ring.fd < 0)
        return;
    char *sends = ring_memory(of.sq_off.array + of.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
    char *done = ring_memory(of.cq_off.cqes + of.cq_entries * sizeof *ring.done, IORING_OFF_CQ_RING);
    ring.sends = ring_memory(of.sq_entries * sizeof *ring.sends, IORING_OFF_SQES);
    if (sends == MAP_FAILED || done == MAP_FAILED || (void *)ring.sends == MAP_FAILED || pthread_atfork(NULL, NULL, forget_ring)) {
        close(ring.fd);
        return;
    }
    ring.send_head = (unsigned *)(sends + of.sq_off.head);
    ring.send_tail = (unsigned *)(sends + of.sq_off.tail);
    ring.send_mask = of.sq_entries - 1;
    ring.done_head = (unsigned *)(done + of.cq_off.head);
    ring.done_tail = (unsigned *)(done + of.cq_off.tail);
    ring.done = (struct io_uring_cqe *)(done + of.cq_off.cqes);
    ring.done_mask = of.cq_entries - 1;
    for (unsigned i = 0; i < of.sq_entries; i++)
        ((unsigned *)(sends + of.sq_off.array))[i] = i;
    ring.is_open = ring.is_free = 1;
}

static int has_ring(void)
{
    return ring.is_open;
}

static unsigned take_done(Py_ssize_t *sent)
{
    unsigned head = *ring.done_head, tail = __atomic_load_n(ring.done_tail, __ATOMIC_ACQUIRE), taken = tail - head;
    for (; head != tail; head++) {
        const struct io_uring_cqe *done = &ring.done[head & ring.done_mask];
        sent[done->user_data] = done->res;
    }
    __atomic_store_n(ring.done_head, head, __ATOMIC_RELEASE);
    return taken;
}

/* What the kernel does not take from the ring stays NOT_SENT. MSG_DONTWAIT: each send is over when the system call is. */
static void send_by_ring(const int *sockets, unsigned count, const Py_buffer *frame, Py_ssize_t *sent)
{
    unsigned first = *ring.send_tail;
    for (unsigned i = 0; i < count; i++)
        ring.sends[(first + i) & ring.send_mask] = (struct io_uring_sqe){
            .opcode = IORING_OP_SEND,
            .fd = sockets[i],
            .addr = (uintptr_t)frame->buf,
            .len = frame->len,
            .msg_flags = MSG_DONTWAIT,
            .user_data = i,
        };
    __atomic_store_n(ring.send_tail, first + count, __ATOMIC_RELEASE);
    syscall(__NR_io_uring_enter, ring.fd, count, count, IORING_ENTER_GETEVENTS, NULL, 0);
    unsigned taken = __atomic_load_n(ring.send_head, __ATOMIC_ACQUIRE) - first;
    *ring.send_tail = first + taken;
    for (taken -= take_done(sent); taken; taken -= take_done(sent))
        syscall(__NR_io_uring_enter, ring.fd, 0, taken, IORING_ENTER_GETEVENTS, NULL, 0);
}

static void send_to(const int *sockets, Py_ssize_t count, const Py_buffer *frame, Py_ssize_t *sent)
{
    int by_ring = ring.is_free && count > 1 && frame->len <= UINT_MAX;
    ring.is_free &= !by_ring;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; by_ring && i < count; i += RING_SENDS)
        send_by_ring(sockets + i, Py_MIN(RING_SENDS, count - i), frame, sent + i);
    send_one_by_one(sockets, count, frame, sent);
    Py_END_ALLOW_THREADS
    ring.is_free |= by_ring;
}
#else
static void open_ring(void)
{
}

static int has_ring(void)
{
    return 0;
}

static void send_to(const int *sockets, Py_ssize_t count, const Py_buffer *frame, Py_ssize_t *sent)
{
    Py_BEGIN_ALLOW_THREADS
    send_one_by_one(sockets, count, frame, sent);
    Py_END_ALLOW_THREADS
}
#endif

static PyObject *all_that_were_short(const Py_ssize_t *sent, Py_ssize_t count, Py_ssize_t length)
{
    PyObject *shorts = PyList_New(0);
    for (Py_ssize_t i = 0; shorts && i < count; i++) {
        if (sent[i] == length)
            continue;
        PyObject *pair = Py_BuildValue("nn", i, sent[i] < 0 ? 0 : sent[i]);
        if (!pair || PyList_Append(shorts, pair))
            Py_CLEAR(shorts);
        Py_XDECREF(pair);
    }
    return shorts;
}

static PyObject *send_all(PyObject *module, PyObject *args)
{
    Py_buffer numbers, frame;
    if (!PyArg_ParseTuple(args, "y*y*", &numbers, &frame))
        return NULL;
    Py_ssize_t count = numbers.len / sizeof(int);
    Py_ssize_t *sent = PyMem_New(Py_ssize_t, count);
    PyObject *shorts = NULL;
    if (sent) {
        for (Py_ssize_t i = 0; i < count; i++)
            sent[i] = NOT_SENT;
        send_to(numbers.buf, count, &frame, sent);
        shorts = all_that_were_short(sent, count, frame.len);
    } else {
        PyErr_NoMemory();
    }
    PyMem_Free(sent);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&frame);
    return shorts;
}

static PyObject *use_ring(PyObject *module, PyObject *none)
{
    open_ring();
    return PyBool_FromLong(has_ring());
}

static PyMethodDef methods[] = {{"send_all", send_all, METH_VARARGS, NULL}, {"use_ring", use_ring, METH_NOARGS, NULL}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_send_all", NULL, -1, methods};

PyMODINIT_FUNC PyInit__send_all(void)
{
    return PyModule_Create(&definition);
}
