#pragma once

#include <cstddef>
#include <cstdint>

#include "yaml/tree.h"

// Range-for over what a Node holds. Included by yaml/tree.h.
namespace dockhand::yaml {

// The Values (items: Node, entries: Entry) of a collection, in file order. A view: it lives as
// long as the tree.
template <class Value>
class Children {
 public:
  class Iterator {
   public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(Node first) : node_(first) {}
    Value operator*() const;
    Iterator& operator++();
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    Node node_;  // The item, or the entry's key; nothing behind the last.
  };

  Children() = default;
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 protected:
  Children(Node first, std::size_t size) : first_(first), size_(size) {}

 private:
  Node first_;
  std::size_t size_ = 0;
};

template <>
Node Children<Node>::Iterator::operator*() const;
template <>
Children<Node>::Iterator& Children<Node>::Iterator::operator++();
template <>
Entry Children<Entry>::Iterator::operator*() const;
template <>
Children<Entry>::Iterator& Children<Entry>::Iterator::operator++();

// The items of a sequence; none for other nodes.
class Items : public Children<Node> {
 public:
  Items() = default;
  explicit Items(Node sequence);
};

// The entries of a mapping; none for other nodes.
class Entries : public Children<Entry> {
 public:
  Entries() = default;
  explicit Entries(Node mapping);
};

}  // namespace dockhand::yaml
