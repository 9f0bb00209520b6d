/* One frame to many sockets: a system call each and nothing else between them. The contract is in send_all.py. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <sys/socket.h>

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
    const int *sockets = numbers.buf;
    Py_ssize_t count = numbers.len / sizeof *sockets;
    Py_ssize_t *sent = PyMem_New(Py_ssize_t, count);
    PyObject *shorts = NULL;
    if (sent) {
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < count; i++)
            sent[i] = send(sockets[i], frame.buf, frame.len, MSG_DONTWAIT);
        Py_END_ALLOW_THREADS
        shorts = all_that_were_short(sent, count, frame.len);
    } else {
        PyErr_NoMemory();
    }
    PyMem_Free(sent);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&frame);
    return shorts;
}

static PyMethodDef methods[] = {{"send_all", send_all, METH_VARARGS, NULL}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_send_all", NULL, -1, methods};

PyMODINIT_FUNC PyInit__send_all(void)
{
    return PyModule_Create(&definition);
}
