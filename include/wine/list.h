/*
 * Doubly linked lists whose links live inside the elements.
 *
 * Copyright 2026 the winebits authors
 *
 * This library is free software; you can redistribute it and/or
 * modify it under the terms of the GNU Lesser General Public
 * License as published by the Free Software Foundation; either
 * version 2.1 of the License, or (at your option) any later version.
 *
 * This library is distributed in the hope that it will be useful,
 * but WITHOUT ANY WARRANTY; without even the implied warranty of
 * MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the GNU
 * Lesser General Public License for more details.
 *
 * You should have received a copy of the GNU Lesser General Public
 * License along with this library; if not, write to the Free Software
 * Foundation, Inc., 51 Franklin St, Fifth Floor, Boston, MA 02110-1301, USA
 */

#ifndef __WINE_SERVER_LIST_H
#define __WINE_SERVER_LIST_H

#include <stddef.h>

/* The head of a list and the link of each element are the same thing; an empty list points at itself. */
struct list
{
    struct list *next;
    struct list *prev;
};

#define LIST_INIT(list) { &(list), &(list) }

#define LIST_ENTRY(elem, type, field) \
    ((type *)((char *)(elem) - offsetof(type, field)))

static inline void list_init(struct list *list)
{
    list->next = list->prev = list;
}

static inline int list_empty(const struct list *list)
{
    return list->next == list;
}

static inline void list_add_after(struct list *elem, struct list *to_add)
{
    to_add->next = elem->next;
    to_add->prev = elem;
    elem->next->prev = to_add;
    elem->next = to_add;
}

static inline void list_add_before(struct list *elem, struct list *to_add)
{
    list_add_after(elem->prev, to_add);
}

static inline void list_add_head(struct list *list, struct list *elem)
{
    list_add_after(list, elem);
}

static inline void list_add_tail(struct list *list, struct list *elem)
{
    list_add_before(list, elem);
}

/* The element's own links stay as they were. */
static inline void list_remove(struct list *elem)
{
    elem->next->prev = elem->prev;
    elem->prev->next = elem->next;
}

static inline struct list *list_next(const struct list *list, const struct list *elem)
{
    return elem->next == list ? NULL : elem->next;
}

static inline struct list *list_prev(const struct list *list, const struct list *elem)
{
    return elem->prev == list ? NULL : elem->prev;
}

static inline struct list *list_head(const struct list *list)
{
    return list_next(list, list);
}

static inline struct list *list_tail(const struct list *list)
{
    return list_prev(list, list);
}

static inline unsigned int list_count(const struct list *list)
{
    const struct list *elem;
    unsigned int count = 0;

    for (elem = list->next; elem != list; elem = elem->next)
        count++;
    return count;
}

/* Moves all elements of src behind elem, and before elem; src is empty afterwards. */
static inline void list_move_after(struct list *elem, struct list *src)
{
    if (list_empty(src))
        return;
    src->prev->next = elem->next;
    elem->next->prev = src->prev;
    elem->next = src->next;
    src->next->prev = elem;
    list_init(src);
}

static inline void list_move_before(struct list *elem, struct list *src)
{
    list_move_after(elem->prev, src);
}

static inline void list_move_head(struct list *dst, struct list *src)
{
    list_move_after(dst, src);
}

static inline void list_move_tail(struct list *dst, struct list *src)
{
    list_move_before(dst, src);
}

#define LIST_FOR_EACH(cursor, list) \
    for ((cursor) = (list)->next; (cursor) != (list); (cursor) = (cursor)->next)

#define LIST_FOR_EACH_SAFE(cursor, cursor2, list) \
    for ((cursor) = (list)->next, (cursor2) = (cursor)->next; \
         (cursor) != (list); \
         (cursor) = (cursor2), (cursor2) = (cursor)->next)

#define LIST_FOR_EACH_REV(cursor, list) \
    for ((cursor) = (list)->prev; (cursor) != (list); (cursor) = (cursor)->prev)

#define LIST_FOR_EACH_ENTRY(elem, list, type, field) \
    for ((elem) = LIST_ENTRY((list)->next, type, field); \
         &(elem)->field != (list); \
         (elem) = LIST_ENTRY((elem)->field.next, type, field))

#define LIST_FOR_EACH_ENTRY_SAFE(cursor, cursor2, list, type, field) \
    for ((cursor) = LIST_ENTRY((list)->next, type, field), \
         (cursor2) = LIST_ENTRY((cursor)->field.next, type, field); \
         &(cursor)->field != (list); \
         (cursor) = (cursor2), \
         (cursor2) = LIST_ENTRY((cursor)->field.next, type, field))

#define LIST_FOR_EACH_ENTRY_REV(elem, list, type, field) \
    for ((elem) = LIST_ENTRY((list)->prev, type, field); \
         &(elem)->field != (list); \
         (elem) = LIST_ENTRY((elem)->field.prev, type, field))

#define LIST_FOR_EACH_ENTRY_SAFE_REV(cursor, cursor2, list, type, field) \
    for ((cursor) = LIST_ENTRY((list)->prev, type, field), \
         (cursor2) = LIST_ENTRY((cursor)->field.prev, type, field); \
         &(cursor)->field != (list); \
         (cursor) = (cursor2), \
         (cursor2) = LIST_ENTRY((cursor)->field.prev, type, field))

#endif /* __WINE_SERVER_LIST_H */
