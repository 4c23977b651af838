/* tpl.cc: ctemplate behind the C face of tpl.h; the only C++ file of the house. It owns the parsed
 * templates (one TemplateCache per locale) and gives the expander dictionaries of our own kind:
 * plain structs in the caller's arena, without destructors, locks or copies of names, so that
 * nothing has to be freed and a page of some hundred values costs microseconds. No exception and
 * no C callback crosses its border. Not here: what a value means (callers format), which names
 * exist (tpllint). Invariant: a buffer either gains a whole expansion or is left as it was. */
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <ctemplate/per_expand_data.h>
#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary_interface.h>
#include <ctemplate/template_emitter.h>

extern "C" {
#include "base/log.h"
#include "platform/tpl.h"
}

using ctemplate::TemplateString;

namespace
{

const ctemplate::Strip STRIP = ctemplate::STRIP_BLANK_LINES; /* one mode: it is part of the key */
const size_t WINDOW = 4096;        /* bytes asked from the buffer at a time */
const uint16_t INDEX_FROM = 12;    /* entries up to which a linear scan is faster */
const uint16_t ENTRIES_MAX = 4096; /* of one dictionary; far above any page */
const char SET_SUFFIX[] = "_SET";

struct file_mark {
    off_t size;
    ino_t ino;
    timespec mtime;
    bool operator==(const file_mark &o) const
    {
        return size == o.size && ino == o.ino && mtime.tv_sec == o.mtime.tv_sec &&
               mtime.tv_nsec == o.mtime.tv_nsec;
    }
};
typedef std::map<std::string, file_mark> file_list; /* sorted: the digest needs an order */

enum entry_kind : uint8_t {
    E_VALUE,   /* {{NAME}} */
    E_GLOBAL,  /* {{NAME}}, in includes as well */
    E_SECTION, /* {{#NAME}}: rows, or shown once */
    E_INCLUDE, /* {{>NAME}} */
};

struct entry {
    const char *name;
    uint32_t hash;
    uint16_t len;
    entry_kind kind;
    bool shown;    /* section without rows; value: NAME as a section (a bound bool) */
    bool nullable; /* bound member: NAME_SET is a section ... */
    bool present;  /* ... shown when this is true */
    const char *p; /* value */
    size_t n;
    struct tpl *first, *last; /* rows or includes */
};

/* Names are compared without regard to case, so a bound field "price_minor" answers to
 * PRICE_MINOR without a copy. */
inline unsigned char fold(unsigned char c)
{
    return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
}
inline uint32_t name_hash(const char *p, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ fold(static_cast<unsigned char>(p[i]))) * 16777619u;
    return h;
}
inline bool name_eq(const char *a, const char *b, size_t n)
{
    if (memcmp(a, b, n) == 0)
        return true;
    for (size_t i = 0; i < n; i++)
        if (fold(static_cast<unsigned char>(a[i])) != fold(static_cast<unsigned char>(b[i])))
            return false;
    return true;
}

/* What one lookup of the expander asks for. */
struct wanted {
    const char *p;
    size_t n;
    uint32_t hash;
    explicit wanted(const TemplateString &s) : p(s.data()), n(s.size()), hash(name_hash(p, n))
    {
    }
    wanted(const char *name, size_t len) : p(name), n(len), hash(name_hash(name, len))
    {
    }
    bool without_suffix(wanted *out) const
    {
        const size_t k = sizeof SET_SUFFIX - 1;
        if (n <= k || memcmp(p + n - k, SET_SUFFIX, k) != 0)
            return false;
        *out = wanted(p, n - k);
        return true;
    }
};

} // namespace

struct tpl_set {
    std::string root;
    bool reload;
    std::unique_ptr<ctemplate::TemplateCache> cache;
    file_list files;
    uint64_t digest;
};

/* A dictionary. Made by placement in an arena and never destroyed: it owns nothing. */
struct tpl final : public ctemplate::TemplateDictionaryInterface {
    struct arena *arena;
    const struct tpl_set *set;
    const char *file;
    struct tpl *scope; /* where names not found here are looked up; NULL for includes */
    struct tpl *owner; /* who made it: the way to global values */
    struct tpl *next;  /* next row or include of the same name */
    entry *entries;
    uint16_t *index; /* open addressing, entry number + 1 */
    uint16_t count, cap, index_size;
    bool has_globals;

    tpl(struct arena *a, const struct tpl_set *s, const char *f, struct tpl *sc, struct tpl *ow)
        : arena(a), set(s), file(f), scope(sc), owner(ow), next(nullptr), entries(nullptr),
          index(nullptr), count(0), cap(0), index_size(0), has_globals(false)
    {
    }
    static void *operator new(size_t, void *place)
    {
        return place;
    }
    static void operator delete(void *)
    {
    }

    entry *find(const wanted &w, unsigned kinds) const;
    entry *put(const char *name, entry_kind kind);
    struct tpl *child(entry *e, const char *f, struct tpl *sc);

  protected:
    TemplateString GetValue(const TemplateString &variable) const override;
    bool IsHiddenSection(const TemplateString &name) const override;
    bool IsUnhiddenSection(const TemplateString &name) const override
    {
        return !IsHiddenSection(name);
    }
    bool IsHiddenTemplate(const TemplateString &name) const override;
    const char *GetIncludeTemplateName(const TemplateString &variable, int n) const override;
    Iterator *CreateTemplateIterator(const TemplateString &name) const override;
    Iterator *CreateSectionIterator(const TemplateString &name) const override;
    void DumpToString(std::string *out, int) const override
    {
        out->append(file ? file : "(row)");
    }

  private:
    void grow();
    void reindex();
    const entry *find_up(const wanted &w, unsigned kinds) const;
    bool section(const wanted &w, const entry **rows) const;
    struct walk;
};

namespace
{
inline unsigned bit(entry_kind k)
{
    return 1u << k;
}
} // namespace

entry *tpl::find(const wanted &w, unsigned kinds) const
{
    if (index) {
        const uint16_t mask = index_size - 1;
        for (uint16_t i = w.hash & mask; index[i]; i = (i + 1) & mask) {
            entry *e = &entries[index[i] - 1];
            if (e->hash == w.hash && e->len == w.n && (kinds & bit(e->kind)) &&
                name_eq(e->name, w.p, w.n))
                return e;
        }
        return nullptr;
    }
    for (uint16_t i = 0; i < count; i++) {
        entry *e = &entries[i];
        if (e->hash == w.hash && e->len == w.n && (kinds & bit(e->kind)) &&
            name_eq(e->name, w.p, w.n))
            return e;
    }
    return nullptr;
}

void tpl::reindex()
{
    index_size = 32;
    while (index_size < cap * 2)
        index_size *= 2;
    index = static_cast<uint16_t *>(arena_calloc(arena, index_size, sizeof *index));
    for (uint16_t k = 0; k < count; k++) {
        uint16_t i = entries[k].hash & (index_size - 1);
        while (index[i])
            i = (i + 1) & (index_size - 1);
        index[i] = k + 1;
    }
}

void tpl::grow()
{
    const uint16_t to = cap ? cap * 2 : 8;
    check_that(to <= ENTRIES_MAX);
    entry *bigger = static_cast<entry *>(arena_calloc(arena, to, sizeof *bigger));
    if (count)
        memcpy(bigger, entries, count * sizeof *bigger);
    entries = bigger;
    cap = to;
    if (cap > INDEX_FROM)
        reindex();
}

/* The entry of that name and kind, made when missing. name must live as long as the arena. */
entry *tpl::put(const char *name, entry_kind kind)
{
    const wanted w(name, strlen(name));
    entry *e = find(w, bit(kind));
    if (e)
        return e;
    if (count == cap)
        grow();
    e = &entries[count++];
    e->name = name;
    e->hash = w.hash;
    e->len = static_cast<uint16_t>(w.n);
    e->kind = kind;
    e->p = "";
    if (index) {
        uint16_t i = w.hash & (index_size - 1);
        while (index[i])
            i = (i + 1) & (index_size - 1);
        index[i] = count;
    }
    return e;
}

struct tpl *tpl::child(entry *e, const char *f, struct tpl *sc)
{
    struct tpl *t = new (arena_alloc(arena, sizeof(struct tpl))) tpl(arena, set, f, sc, this);
    if (e->last) {
        t->cap = e->last->count; /* rows are alike: room at once */
        if (t->cap) {
            t->entries = static_cast<entry *>(arena_calloc(arena, t->cap, sizeof(entry)));
            if (t->cap > INDEX_FROM)
                t->reindex();
        }
        e->last->next = t;
    } else {
        e->first = t;
    }
    e->last = t;
    return t;
}

const entry *tpl::find_up(const wanted &w, unsigned kinds) const
{
    for (const struct tpl *t = this; t; t = t->scope) {
        const entry *e = t->find(w, kinds);
        if (e)
            return e;
    }
    return nullptr;
}

TemplateString tpl::GetValue(const TemplateString &variable) const
{
    const wanted w(variable);
    const entry *e = find_up(w, bit(E_VALUE));
    for (const struct tpl *t = this; !e && t; t = t->owner)
        if (t->has_globals)
            e = t->find(w, bit(E_GLOBAL));
    if (e)
        return TemplateString(e->p, e->n);
    if (w.n == 8 && memcmp(w.p, "BI_SPACE", 8) == 0)
        return TemplateString(" ", 1);
    if (w.n == 10 && memcmp(w.p, "BI_NEWLINE", 10) == 0)
        return TemplateString("\n", 1);
    return TemplateString("", 0);
}

/* Whether a section shows and, when rows decide it, their entry: the nearest scope that knows the
 * name wins. A bound bool shows the section of its name, a bound nullable member NAME_SET. */
bool tpl::section(const wanted &w, const entry **rows) const
{
    wanted base = w;
    const bool suffixed = w.without_suffix(&base);
    *rows = nullptr;
    for (const struct tpl *t = this; t; t = t->scope) {
        const entry *e = t->find(w, bit(E_SECTION));
        if (e) {
            *rows = e;
            return e->first || e->shown;
        }
        e = t->find(w, bit(E_VALUE));
        if (e && e->shown)
            return true;
        if (suffixed && (e = t->find(base, bit(E_VALUE))) && e->nullable)
            return e->present;
    }
    return false;
}

bool tpl::IsHiddenSection(const TemplateString &name) const
{
    const entry *rows;
    return !section(wanted(name), &rows);
}

bool tpl::IsHiddenTemplate(const TemplateString &name) const
{
    return find_up(wanted(name), bit(E_INCLUDE)) == nullptr;
}

const char *tpl::GetIncludeTemplateName(const TemplateString &variable, int n) const
{
    const entry *e = find_up(wanted(variable), bit(E_INCLUDE));
    const struct tpl *t = e ? e->first : nullptr;
    for (; t && n > 0 && t->next; n--)
        t = t->next;
    return t ? t->file : nullptr;
}

struct tpl::walk final : public ctemplate::TemplateDictionaryInterface::Iterator {
    const struct tpl *at;
    explicit walk(const entry *e) : at(e ? e->first : nullptr)
    {
    }
    bool HasNext() const override
    {
        return at != nullptr;
    }
    const ctemplate::TemplateDictionaryInterface &Next() override
    {
        const struct tpl *now = at;
        at = at->next;
        return *now;
    }
};

ctemplate::TemplateDictionaryInterface::Iterator *
tpl::CreateTemplateIterator(const TemplateString &name) const
{
    return new walk(find_up(wanted(name), bit(E_INCLUDE)));
}

ctemplate::TemplateDictionaryInterface::Iterator *
tpl::CreateSectionIterator(const TemplateString &name) const
{
    const entry *rows;
    section(wanted(name), &rows);
    return new walk(rows);
}

/* ---- loading ---------------------------------------------------------------------------------
 */
namespace
{

/* ctemplate tells what is wrong only on std::cerr; it is caught here while loading. */
class cerr_capture
{
    std::ostringstream text_;
    std::streambuf *old_;

  public:
    cerr_capture() : old_(std::cerr.rdbuf(text_.rdbuf()))
    {
    }
    ~cerr_capture()
    {
        std::cerr.rdbuf(old_);
    }
    std::string line() const
    {
        std::string s = text_.str();
        while (!s.empty() && s.back() == '\n')
            s.pop_back();
        std::replace(s.begin(), s.end(), '\n', ' ');
        return s;
    }
};

bool scan(const std::string &dir, const std::string &prefix, file_list *out)
{
    DIR *d = opendir(dir.c_str());
    if (!d)
        return false;
    bool ok = true;
    while (const struct dirent *de = readdir(d)) {
        const std::string name = de->d_name;
        if (name[0] == '.')
            continue;
        struct stat st;
        if (stat((dir + "/" + name).c_str(), &st) != 0)
            continue; /* gone meanwhile */
        if (S_ISDIR(st.st_mode))
            ok = scan(dir + "/" + name, prefix + name + "/", out) && ok;
        else if (name.size() > 4 && name.compare(name.size() - 4, 4, ".tpl") == 0)
            (*out)[prefix + name] = file_mark{ st.st_size, st.st_ino, st.st_mtim };
    }
    closedir(d);
    return ok;
}

uint64_t digest_file(const std::string &path, uint64_t h)
{
    std::ifstream in(path, std::ios::binary);
    char chunk[8192];
    while (in.read(chunk, sizeof chunk) || in.gcount() > 0)
        for (std::streamsize i = 0; i < in.gcount(); i++)
            h = (h ^ static_cast<unsigned char>(chunk[i])) * 1099511628211u;
    return h;
}

/* Parses every file below s->root into a fresh cache. problem gets the first file that failed; the
 * others are usable all the same (development goes on with them). */
bool load_all(struct tpl_set *s, std::string *problem)
{
    file_list files;
    if (!scan(s->root, "", &files)) {
        *problem = s->root + ": " + strerror(errno) + "; are the templates built (make)?";
        return false;
    }
    std::unique_ptr<ctemplate::TemplateCache> cache(new ctemplate::TemplateCache);
    bool ok = cache->SetTemplateRootDirectory(s->root);
    uint64_t h = 14695981039346656037u;
    for (const auto &f : files) {
        const cerr_capture said;
        if (!cache->LoadTemplate(f.first, STRIP)) {
            if (ok)
                *problem = f.first + ": " + said.line();
            ok = false;
        }
        h = digest_file(s->root + "/" + f.first, (h ^ f.first.size()) * 1099511628211u);
    }
    cache->Freeze();
    s->files.swap(files);
    s->cache.swap(cache);
    s->digest = h;
    return ok;
}

/* Development: a changed, new or removed file makes the whole set anew. Nanoseconds, size and inode
 * are compared because two saves may share a second. */
void reload_if_changed(struct tpl_set *s)
{
    file_list now;
    if (!scan(s->root, "", &now) || now == s->files)
        return;
    std::string problem;
    if (!load_all(s, &problem))
        log_error("template not loaded", "root=%s problem=%s", s->root.c_str(), problem.c_str());
}

/* Writes into the caller's buffer through a window, so single characters cost no call. */
class buf_emitter final : public ctemplate::ExpandEmitter
{
    struct buf *b_;
    char *at_, *end_, *start_;

    bool window(size_t n)
    {
        flush();
        if (b_->failed)
            return false;
        const size_t left = b_->max - b_->n;
        if (n > left) {
            buf_put(b_, nullptr, n); /* makes it fail */
            return false;
        }
        const size_t ask = std::min(std::max(n, WINDOW), left);
        start_ = at_ = buf_reserve(b_, ask);
        end_ = at_ ? at_ + ask : nullptr;
        return at_ != nullptr;
    }

  public:
    explicit buf_emitter(struct buf *b) : b_(b), at_(nullptr), end_(nullptr), start_(nullptr)
    {
    }
    void flush()
    {
        if (at_ != start_)
            buf_wrote(b_, static_cast<size_t>(at_ - start_));
        at_ = end_ = start_ = nullptr;
    }
    void Emit(char c) override
    {
        if (at_ == end_ && !window(1))
            return;
        *at_++ = c;
    }
    void Emit(const char *s, size_t n) override
    {
        if (n == 0 || (n > static_cast<size_t>(end_ - at_) && !window(n)))
            return;
        memcpy(at_, s, n);
        at_ += n;
    }
    void Emit(const char *s) override
    {
        Emit(s, strlen(s));
    }
    void Emit(const std::string &s) override
    {
        Emit(s.data(), s.size());
    }
};

enum rc expand(struct tpl *t, struct buf *out)
{
    struct tpl_set *s = const_cast<struct tpl_set *>(t->set);
    if (s->reload)
        reload_if_changed(s);
    buf_emitter to(out);
    ctemplate::PerExpandData data;
    const bool ok = s->cache->ExpandNoLoad(t->file, STRIP, t, &data, &to);
    to.flush();
    if (ok)
        return buf_rc(out);
    log_error("template expansion failed", "file=%s known=%d", t->file,
              static_cast<int>(s->files.count(t->file)));
    return RC_BUG;
}

} // namespace

/* ---- the C face ------------------------------------------------------------------------------
 * Each entry that runs C++ code which may throw catches all. The others only touch the arena,
 * which never fails. */
extern "C" {

enum rc tpl_set_load(const char *root, bool reload, struct arena *a, struct tpl_set **out,
                     const char **problem)
{
    try {
        std::unique_ptr<struct tpl_set> s(new struct tpl_set);
        s->root = root;
        s->reload = reload;
        s->digest = 0;
        std::string why;
        if (!load_all(s.get(), &why)) {
            *problem = arena_strdup(a, why.c_str());
            return RC_INVALID;
        }
        *out = s.release();
        return RC_OK;
    } catch (const std::exception &e) {
        *problem = arena_printf(a, "%s: %s", root, e.what());
    } catch (...) {
        *problem = arena_printf(a, "%s: unknown exception", root);
    }
    return RC_BUG;
}

void tpl_set_free(struct tpl_set *s)
{
    try {
        delete s;
    } catch (...) {
        log_error("template set not freed", "%s", "");
    }
}

bool tpl_set_has(const struct tpl_set *s, const char *file)
{
    try {
        return s->files.count(file) != 0;
    } catch (...) {
        return false;
    }
}

uint64_t tpl_set_digest(const struct tpl_set *s)
{
    return s->digest;
}

struct tpl *tpl_new(struct arena *a, const struct tpl_set *s, const char *file)
{
    return new (arena_alloc(a, sizeof(struct tpl))) tpl(a, s, file, nullptr, nullptr);
}

static void set_value(struct tpl *t, entry_kind kind, const char *name, const char *p, size_t n)
{
    entry *e = t->put(name, kind);
    e->p = p ? p : "";
    e->n = p ? n : 0;
}

void tpl_set_text(struct tpl *t, const char *name, const char *value)
{
    const size_t n = value ? strlen(value) : 0;
    set_value(t, E_VALUE, name, n ? arena_strndup(t->arena, value, n) : "", n);
}

void tpl_set_int(struct tpl *t, const char *name, int64_t value)
{
    char digits[24];
    const int n = snprintf(digits, sizeof digits, "%lld", static_cast<long long>(value));
    set_value(t, E_VALUE, name, arena_strndup(t->arena, digits, static_cast<size_t>(n)),
              static_cast<size_t>(n));
}

void tpl_set_bytes(struct tpl *t, const char *name, const char *p, size_t n)
{
    set_value(t, E_VALUE, name, p, n);
}

void tpl_set_global(struct tpl *t, const char *name, const char *value)
{
    t->has_globals = true;
    const size_t n = value ? strlen(value) : 0;
    set_value(t, E_GLOBAL, name, n ? arena_strndup(t->arena, value, n) : "", n);
}

struct tpl *tpl_row(struct tpl *t, const char *section)
{
    return t->child(t->put(section, E_SECTION), nullptr, t);
}

void tpl_show(struct tpl *t, const char *section, bool on)
{
    if (on)
        t->put(section, E_SECTION)->shown = true;
}

struct tpl *tpl_include(struct tpl *t, const char *name, const char *file)
{
    return t->child(t->put(name, E_INCLUDE), file, nullptr);
}

/* One member: its text, whether it is there, and for a bool whether the section shows. */
static void bind_member(struct tpl *t, const struct field *f, const char *base)
{
    const char *at = base + f->offset;
    const bool null =
        f->null_offset != FIELD_NOT_NULL && !*reinterpret_cast<const bool *>(base + f->null_offset);
    const char *p = "";
    size_t n = 0;
    bool present = !null, on = false;
    char text[UUID_TEXT];

    switch (f->type) {
    case FT_TEXT:
    case FT_JSON:
        p = *reinterpret_cast<const char *const *>(at);
        present = p != nullptr;
        n = p ? strlen(p) : 0;
        break;
    case FT_UUID:
        uuid_format(*reinterpret_cast<const struct uuid *>(at), text);
        n = null ? 0 : UUID_TEXT - 1;
        p = arena_strndup(t->arena, text, n);
        break;
    case FT_INT4:
    case FT_INT8: {
        const long long v = f->type == FT_INT4 ? *reinterpret_cast<const int32_t *>(at)
                                               : *reinterpret_cast<const int64_t *>(at);
        n = null ? 0 : static_cast<size_t>(snprintf(text, sizeof text, "%lld", v));
        p = arena_strndup(t->arena, text, n);
        break;
    }
    case FT_BOOL:
        on = !null && *reinterpret_cast<const bool *>(at);
        break;
    case FT_INSTANT: /* people read them in a zone: fmt_time */
    case FT_DATE:
        break;
    default: /* bytes and arrays are no text */
        return;
    }
    const bool time = f->type == FT_INSTANT || f->type == FT_DATE;
    if (time && !f->nullable)
        return;
    entry *e = t->put(f->name, E_VALUE);
    if (!time) { /* its text, set before or after, stays */
        e->p = p ? p : "";
        e->n = n;
    }
    e->shown = on;
    e->nullable = f->nullable;
    e->present = present;
}

void tpl_bind(struct tpl *t, const struct field *fields, size_t n, const void *row)
{
    for (size_t i = 0; i < n; i++)
        bind_member(t, &fields[i], static_cast<const char *>(row));
}

enum rc tpl_expand(struct tpl *t, struct buf *out)
{
    check_that(t->file != nullptr); /* a row is expanded by its page */
    const size_t before = out->n;
    enum rc rc = RC_BUG;
    try {
        rc = expand(t, out);
    } catch (const std::exception &e) {
        log_error("template exception", "file=%s what=%s", t->file, e.what());
    } catch (...) {
        log_error("template exception", "file=%s", t->file);
    }
    if (rc != RC_OK) {
        out->n = before;
        out->p[before] = '\0';
    }
    return rc;
}

} // extern "C"
