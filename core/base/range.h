#pragma once

#include <cstdint>

namespace dockhand {

// A half-open run of bytes [begin, end) in one version of one text. Files larger than 4 GiB are
// refused before a Range is ever made (io::FileSystem bounds what it reads).
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool contains(std::uint32_t offset) const { return begin <= offset && offset < end; }
  // Also true just behind the last byte: where a cursor stands after typing the text.
  bool touches(std::uint32_t offset) const { return begin <= offset && offset <= end; }

  friend bool operator==(Range, Range) = default;
};

}  // namespace dockhand
