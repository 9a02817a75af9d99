// The Python module `_reader`: hands a layout in, and columns out. Only the stable ABI of Python 3.11.
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030b0000
#include <Python.h>

#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "lines.hpp"

namespace {

using namespace smsearch;

// A Python error is set, and whoever called C++ has to return.
struct Raised {};

class Owned {
  public:
    explicit Owned(PyObject* object) : object_(object) {
        if (object_ == nullptr) throw Raised();
    }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() { Py_XDECREF(object_); }
    PyObject* get() const { return object_; }
    PyObject* release() {
        PyObject* object = object_;
        object_ = nullptr;
        return object;
    }

  private:
    PyObject* object_;
};

template <typename Call>
auto guarded(Call call) -> decltype(call()) {
    try {
        return call();
    } catch (const Raised&) {
    } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
    } catch (const std::exception& error) {
        PyErr_SetString(PyExc_ValueError, error.what());
    }
    using Result = decltype(call());
    if constexpr (std::is_pointer_v<Result>) return nullptr;
    else return -1;
}

PyObject* item(PyObject* tuple, Py_ssize_t at) {
    PyObject* object = PyTuple_GetItem(tuple, at);
    if (object == nullptr) throw Raised();
    return object;
}

Py_ssize_t size_of(PyObject* tuple) {
    const Py_ssize_t size = PyTuple_Size(tuple);
    if (size < 0) throw Raised();
    return size;
}

int int_at(PyObject* tuple, Py_ssize_t at) {
    const long value = PyLong_AsLong(item(tuple, at));
    if (value == -1 && PyErr_Occurred() != nullptr) throw Raised();
    if (value < -1 || value > INT32_MAX) throw std::invalid_argument("a number of a layout is out of range");
    return static_cast<int>(value);
}

std::uint32_t index_at(PyObject* tuple, Py_ssize_t at, std::size_t limit) {
    const int value = int_at(tuple, at);
    if (value < 0 || static_cast<std::size_t>(value) >= limit) throw std::invalid_argument("an index of a layout is out of range");
    return static_cast<std::uint32_t>(value);
}

int index_or_none_at(PyObject* tuple, Py_ssize_t at, std::size_t limit) {
    return int_at(tuple, at) == -1 ? -1 : static_cast<int>(index_at(tuple, at, limit));
}

std::string string_at(PyObject* tuple, Py_ssize_t at) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(item(tuple, at), &size);
    if (text == nullptr) throw Raised();
    return std::string(text, static_cast<std::size_t>(size));
}

template <typename Take>
void for_each(PyObject* tuple, Take take) {
    const Py_ssize_t size = size_of(tuple);
    for (Py_ssize_t at = 0; at < size; ++at) take(tuple, at);
}

void read_members(PyObject* described, Node& node, std::size_t node_count) {
    for_each(described, [&](PyObject* members, Py_ssize_t at) {
        const std::string name = string_at(item(members, at), 0);
        node.member_of[name] = static_cast<std::uint32_t>(node.members.size());
        node.members.push_back(name + '"');
        node.member_nodes.push_back(index_at(item(members, at), 1, node_count));
    });
    if (node.members.size() > members_max) throw std::invalid_argument("a structure of a layout has too many members");
    node.guesses.assign(node.members.size() + 1, 0);
}

void check_captures(const Node& node, const std::vector<Node>& nodes) {
    if (!node.has_pairs && node.targets.empty()) return;
    const Node& element = nodes[node.element];
    bool is_right = element.type == NodeType::structure && element.members.size() <= pair_members_max &&
                    node.targets.size() <= targets_max;
    const auto holds = [&element](int member) { return member < static_cast<int>(element.members.size()); };
    for (const Target& target : node.targets) {
        for (const std::uint32_t member : target) is_right = is_right && holds(static_cast<int>(member));
    }
    if (!is_right || !holds(static_cast<int>(node.key_member)) || !holds(node.latest_member)) {
        throw std::invalid_argument("the pairs of a layout do not fit their structure");
    }
}

// A node as `layout.Node.described` gives it.
Node node_of(PyObject* described, const Layout& layout, std::size_t node_count) {
    Node node;
    node.type = static_cast<NodeType>(index_at(described, 0, static_cast<std::size_t>(NodeType::list) + 1));
    node.column = index_or_none_at(described, 1, layout.column_count);
    node.may_be_empty = int_at(described, 2) != 0;
    for_each(item(described, 3), [&](PyObject* words, Py_ssize_t at) { node.enumeration.insert(string_at(words, at)); });
    read_members(item(described, 4), node, node_count);
    node.is_union = int_at(described, 5) != 0;
    node.drops_metadata = int_at(described, 6) != 0;
    for_each(item(described, 7), [&](PyObject* completions, Py_ssize_t at) {
        PyObject* one = item(completions, at);
        node.completions.push_back({index_at(one, 0, node.members.size()), string_at(one, 1)});
    });
    for_each(item(described, 8), [&](PyObject* targets, Py_ssize_t at) {
        Target target;
        for_each(item(targets, at), [&](PyObject* members, Py_ssize_t place) {
            target.push_back(index_at(members, place, pair_members_max));
        });
        node.targets.push_back(std::move(target));
    });
    node.element = index_at(described, 9, node_count);
    node.table = node.type == NodeType::list ? index_at(described, 10, layout.table_count) : 0;
    node.has_pairs = int_at(described, 11) != 0;
    node.key_member = index_at(described, 12, members_max);
    node.latest_member = index_or_none_at(described, 13, members_max);
    return node;
}

// A layout as `layout.Layout.described` gives it.
Layout layout_of(PyObject* described) {
    Layout layout;
    PyObject* nodes = item(described, 0);
    const auto node_count = static_cast<std::size_t>(size_of(nodes));
    layout.root = index_at(described, 1, node_count);
    layout.column_count = static_cast<std::uint32_t>(int_at(described, 2));
    layout.table_count = static_cast<std::uint32_t>(int_at(described, 3));
    for_each(nodes, [&](PyObject* tuple, Py_ssize_t at) {
        layout.nodes.push_back(node_of(item(tuple, at), layout, node_count));
        layout.nodes.back().number = static_cast<std::uint32_t>(at);
    });
    for (const Node& node : layout.nodes) check_captures(node, layout.nodes);
    const Node& root = layout.nodes[layout.root];
    if (root.type != NodeType::structure) throw std::invalid_argument("the root of a layout is no structure");
    layout.arn = index_or_none_at(described, 4, root.members.size());
    layout.name = index_or_none_at(described, 5, root.members.size());
    layout.version = index_or_none_at(described, 6, root.members.size());
    layout.modified = index_or_none_at(described, 7, root.members.size());
    const auto for_each_member = [&](Py_ssize_t place, const auto& take) {
        for_each(item(described, place), [&](PyObject* members, Py_ssize_t at) { take(index_at(members, at, root.members.size())); });
    };
    for_each_member(8, [&](std::uint32_t member) { layout.identity_members.push_back(member); });
    for_each_member(9, [&](std::uint32_t member) { layout.filled_members.push_back(member); });
    layout.is_beyond_summary.assign(root.members.size(), 0);
    for_each_member(10, [&](std::uint32_t member) { layout.is_beyond_summary[member] = 1; });
    for_each(item(described, 11), [&](PyObject* names, Py_ssize_t at) { layout.metadata.insert(string_at(names, at)); });
    layout.shares_arn = int_at(described, 12) != 0;
    layout.wrapper = string_at(described, 13);
    return layout;
}

PyObject* bytes_of(const void* data, std::size_t size) {
    return PyBytes_FromStringAndSize(static_cast<const char*>(data), static_cast<Py_ssize_t>(size));
}

template <typename Item>
PyObject* bytes_of(const std::vector<Item>& items) {
    return bytes_of(items.data(), items.size() * sizeof(Item));
}

PyObject* text_of(Text text) {
    return PyUnicode_DecodeUTF8(text.data, static_cast<Py_ssize_t>(text.size), nullptr);
}

// Puts an object into a tuple or list, which takes it over.
void set(PyObject* tuple, Py_ssize_t at, PyObject* object) {
    if (object == nullptr || PyTuple_SetItem(tuple, at, object) != 0) throw Raised();
}

PyObject* texts_of(const std::vector<std::string>& texts) {
    Owned list(PyList_New(static_cast<Py_ssize_t>(texts.size())));
    for (std::size_t at = 0; at < texts.size(); ++at) {
        PyObject* text = text_of({texts[at].data(), texts[at].size()});
        if (text == nullptr || PyList_SetItem(list.get(), static_cast<Py_ssize_t>(at), text) != 0) throw Raised();
    }
    return list.release();
}

struct ReaderObject {
    PyObject_HEAD
    Walk* walk;
    PyObject* is_usual;
};

Walk& walk_of(PyObject* self) {
    Walk* walk = reinterpret_cast<ReaderObject*>(self)->walk;
    if (walk == nullptr) throw std::invalid_argument("the reader was not initialised");
    return *walk;
}

bool judged(PyObject* is_usual, const std::vector<std::string>& names, const std::string& arn) {
    Owned tuple(PyTuple_New(static_cast<Py_ssize_t>(names.size())));
    for (std::size_t at = 0; at < names.size(); ++at) {
        set(tuple.get(), static_cast<Py_ssize_t>(at), text_of({names[at].data(), names[at].size()}));
    }
    Owned text(text_of({arn.data(), arn.size()}));
    Owned answer(PyObject_CallFunctionObjArgs(is_usual, tuple.get(), text.get(), nullptr));
    return PyObject_IsTrue(answer.get()) == 1;
}

int initialise(PyObject* self, PyObject* arguments, PyObject*) {
    return guarded([&]() -> int {
        PyObject *described, *is_usual;
        const char* prefix;
        if (PyArg_ParseTuple(arguments, "OsO", &described, &prefix, &is_usual) == 0) throw Raised();
        auto* reader = reinterpret_cast<ReaderObject*>(self);
        auto walk = std::make_unique<Walk>(layout_of(described), prefix,
                                           [is_usual](const std::vector<std::string>& names, const std::string& arn) {
                                               return judged(is_usual, names, arn);
                                           });
        Py_INCREF(is_usual);
        Py_XDECREF(reader->is_usual);
        reader->is_usual = is_usual;
        delete reader->walk;
        reader->walk = walk.release();
        return 0;
    });
}

void deallocate(PyObject* self) {
    auto* reader = reinterpret_cast<ReaderObject*>(self);
    delete reader->walk;
    Py_XDECREF(reader->is_usual);
    PyTypeObject* type = Py_TYPE(self);
    reinterpret_cast<freefunc>(PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

// Bytes of Python, which end with NUL, and a place in them.
struct Input {
    const char* data;
    std::size_t size;
    Progress from;

    Input(PyObject* bytes, Py_ssize_t at) {
        char* begin;
        Py_ssize_t length;
        if (PyBytes_AsStringAndSize(bytes, &begin, &length) != 0) throw Raised();
        if (at < 0 || at > length) throw std::invalid_argument("nothing stands there");
        data = begin;
        size = static_cast<std::size_t>(length);
        from.at = static_cast<std::size_t>(at);
    }
};

PyObject* read(PyObject* self, PyObject* arguments) {
    return guarded([&]() -> PyObject* {
        PyObject* bytes;
        Py_ssize_t at;
        unsigned int row, records_max;
        long long line;
        int is_last;
        if (PyArg_ParseTuple(arguments, "SnILIp", &bytes, &at, &row, &line, &records_max, &is_last) == 0) throw Raised();
        const Input input(bytes, at);
        const Progress progress = read_lines(walk_of(self), input.data, input.from, input.size, is_last != 0, row, line, records_max);
        return Py_BuildValue("nLIO", static_cast<Py_ssize_t>(progress.at), static_cast<long long>(progress.lines),
                             progress.records, progress.are_lines ? Py_True : Py_False);
    });
}

PyObject* read_list(PyObject* self, PyObject* arguments) {
    return guarded([&]() -> PyObject* {
        PyObject* bytes;
        Py_ssize_t at;
        unsigned int row;
        long long place;
        Limits limits;
        if (PyArg_ParseTuple(arguments, "SnILII", &bytes, &at, &row, &place, &limits.records, &limits.bytes) == 0) throw Raised();
        const Input input(bytes, at);
        const Progress progress = read_elements(walk_of(self), input.data, input.from, input.size, row, place, limits);
        return Py_BuildValue("nI", static_cast<Py_ssize_t>(progress.at), progress.records);
    });
}

PyObject* take_records(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        Reading reading;
        std::swap(reading, walk_of(self).reading());
        Owned tuple(PyTuple_New(9));
        set(tuple.get(), 0, bytes_of(reading.documents.data(), reading.documents.size()));
        set(tuple.get(), 1, bytes_of(reading.lengths));
        set(tuple.get(), 2, bytes_of(reading.places));
        set(tuple.get(), 3, bytes_of(reading.marks));
        set(tuple.get(), 4, texts_of(reading.arns));
        set(tuple.get(), 5, texts_of(reading.names));
        set(tuple.get(), 6, texts_of(reading.versions));
        set(tuple.get(), 7, bytes_of(reading.modified));
        set(tuple.get(), 8, PyLong_FromLongLong(reading.naive_times));
        return tuple.release();
    });
}

// A column: its number, or node, key and target; then the arrays of `columns.py`.
PyObject* column_of(const Walk& walk, std::size_t number, const Column& column) {
    Owned tuple(PyTuple_New(13));
    const std::size_t known = walk.layout().column_count;
    if (number < known) {
        set(tuple.get(), 0, PyLong_FromSize_t(number));
        set(tuple.get(), 1, PyUnicode_FromString(""));
        set(tuple.get(), 2, PyLong_FromLong(-1));
    } else {
        const KeyColumn& of_key = walk.key_columns()[number - known];
        set(tuple.get(), 0, PyLong_FromUnsignedLong(of_key.node));
        set(tuple.get(), 1, text_of(walk.layout().nodes[of_key.node].keys.at(of_key.key)));
        set(tuple.get(), 2, PyLong_FromUnsignedLong(of_key.target));
    }
    set(tuple.get(), 3, bytes_of(column.text_rows));
    set(tuple.get(), 4, bytes_of(column.text_codes));
    set(tuple.get(), 5, bytes_of(column.texts.offsets()));
    set(tuple.get(), 6, bytes_of(column.texts.bytes().data(), column.texts.bytes().size()));
    set(tuple.get(), 7, bytes_of(column.whole_rows));
    set(tuple.get(), 8, bytes_of(column.wholes));
    set(tuple.get(), 9, bytes_of(column.real_rows));
    set(tuple.get(), 10, bytes_of(column.reals));
    set(tuple.get(), 11, bytes_of(column.boolean_rows));
    set(tuple.get(), 12, bytes_of(column.booleans));
    return tuple.release();
}

PyObject* take_columns(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        Walk& walk = walk_of(self);
        Owned list(PyList_New(0));
        for (std::size_t number = 0; number < walk.columns().size(); ++number) {
            Column& column = walk.columns()[number];
            if (column.is_empty()) continue;
            Owned tuple(column_of(walk, number, column));
            if (PyList_Append(list.get(), tuple.get()) != 0) throw Raised();
            column.clear();
        }
        return list.release();
    });
}

PyObject* take_tables(PyObject* self, PyObject*) {
    return guarded([&]() -> PyObject* {
        Walk& walk = walk_of(self);
        Owned tuple(PyTuple_New(static_cast<Py_ssize_t>(walk.tables().size())));
        for (std::size_t table = 0; table < walk.tables().size(); ++table) {
            PyObject* rows = walk.has_met(table) ? bytes_of(walk.tables()[table]) : Py_NewRef(Py_None);
            set(tuple.get(), static_cast<Py_ssize_t>(table), rows);
            walk.tables()[table].clear();
        }
        return tuple.release();
    });
}

PyMethodDef methods[] = {
    {"read", read, METH_VARARGS, "Takes documents; returns where it stopped, the lines before that, and the records in them."},
    {"read_list", read_list, METH_VARARGS, "Takes elements of a list; returns where it stopped, and how many they are."},
    {"take_records", take_records, METH_NOARGS, "Hands out what was read of records since the last time."},
    {"take_columns", take_columns, METH_NOARGS, "Hands out the columns that have values, and empties them."},
    {"take_tables", take_tables, METH_NOARGS, "Hands out the rows above each element of each list, and empties them."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot slots[] = {
    {Py_tp_doc, const_cast<char*>("Reads records of one kind; see `_reader.pyi`.")},
    {Py_tp_new, reinterpret_cast<void*>(PyType_GenericNew)},
    {Py_tp_init, reinterpret_cast<void*>(initialise)},
    {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
    {Py_tp_methods, methods},
    {0, nullptr},
};

PyType_Spec spec = {"smsearch.ingest.compiled._reader.Reader", sizeof(ReaderObject), 0, Py_TPFLAGS_DEFAULT, slots};

PyObject* list_in(PyObject*, PyObject* arguments) {
    return guarded([&]() -> PyObject* {
        PyObject* bytes;
        Py_ssize_t at;
        int is_last;
        if (PyArg_ParseTuple(arguments, "Snp", &bytes, &at, &is_last) == 0) throw Raised();
        const Input input(bytes, at);
        FoundList list;
        if (!find_list(input.data, input.from.at, input.size, is_last != 0, list) && !list.is_cut) return Py_NewRef(Py_None);
        Owned tuple(PyTuple_New(5));
        set(tuple.get(), 0, PyLong_FromSize_t(list.begin));
        set(tuple.get(), 1, list.is_cut ? PyLong_FromLong(-1) : PyLong_FromSize_t(list.end));
        set(tuple.get(), 2, PyLong_FromLongLong(list.lines));
        set(tuple.get(), 3, list.is_member ? text_of({list.name.data(), list.name.size()}) : Py_NewRef(Py_None));
        set(tuple.get(), 4, texts_of(list.others));
        return tuple.release();
    });
}

PyObject* element_at(PyObject*, PyObject* arguments) {
    return guarded([&]() -> PyObject* {
        PyObject* bytes;
        Py_ssize_t at;
        if (PyArg_ParseTuple(arguments, "Sn", &bytes, &at) == 0) throw Raised();
        const Input input(bytes, at);
        std::size_t begin, end;
        if (!find_element(input.data, input.from.at, input.size, begin, end)) return Py_NewRef(Py_None);
        return Py_BuildValue("nn", static_cast<Py_ssize_t>(begin), static_cast<Py_ssize_t>(end));
    });
}

constexpr long version = 2;  // as `VERSION` of `compiled/__init__.py`: raised with what Python hands in or is handed

PyMethodDef functions[] = {
    {"list_in", list_in, METH_VARARGS, "The list of records in the document at a place; None if there is none."},
    {"element_at", element_at, METH_VARARGS, "Where the next element of a list begins and ends; None at its end."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_reader", "The compiled reader of exports.", -1, functions, nullptr, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__reader() {
    PyObject* module = PyModule_Create(&definition);
    if (module == nullptr) return nullptr;
    PyObject* type = PyType_FromSpec(&spec);
    if (PyModule_AddIntConstant(module, "VERSION", version) != 0 || type == nullptr || PyModule_AddObject(module, "Reader", type) != 0) {
        Py_XDECREF(type);
        Py_DECREF(module);
        return nullptr;
    }
    return module;
}
