#pragma once

#include <cstdint>

#include "yaml/arena.h"
#include "yaml/tree.h"

namespace dockhand::yaml {

// The one door between Nodes and what they point at. Internal to core/yaml.
class NodeAccess {
 public:
  // Null for nothing.
  static const NodeData* data(Node node);
  static const Properties* properties(Node node);
  // A range of the node's arena as positions in the text.
  static Range shift(Node node, Range range);

  static Node make(const TreeData& tree, std::uint32_t fragment, std::uint32_t index);
  // A mapping's children are its keys and values by turns. Nothing behind the last.
  static Node first_child(Node node);
  static Node next_child(Node node);
  // A child from which on one finds those that touch the offset.
  static Node first_child_near(Node node, std::uint32_t offset);

 private:
  static Node entry_of_fragment(const TreeData& tree, std::uint32_t fragment);
};

}  // namespace dockhand::yaml
