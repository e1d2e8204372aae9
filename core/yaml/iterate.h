#pragma once

#include <cstddef>
#include <cstdint>

#include "yaml/tree.h"

// Range-for over what a Node holds. Included by yaml/tree.h.
namespace dockhand::yaml {

// The items of a sequence. A view: it lives as long as the tree.
class Items {
 public:
  class Iterator {
   public:
    using value_type = Node;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(Node item) : item_(item) {}
    Node operator*() const { return item_; }
    Iterator& operator++();
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    Node item_;
  };

  Items() = default;
  explicit Items(Node sequence);
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  Node first_;
  std::size_t size_ = 0;
};

// The entries of a mapping, in file order. A view: it lives as long as the tree.
class Entries {
 public:
  class Iterator {
   public:
    using value_type = Entry;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(Node key) : key_(key) {}
    Entry operator*() const;
    Iterator& operator++();
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    Node key_;
  };

  Entries() = default;
  explicit Entries(Node mapping);
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(); }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

 private:
  Node first_;
  std::size_t size_ = 0;
};

}  // namespace dockhand::yaml
