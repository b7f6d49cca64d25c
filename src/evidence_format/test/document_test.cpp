// The examples of docs/formats/evidence-log.md are what they are said to be.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/merkle.hpp"

namespace mj::evidence_format {
namespace {

/// Lines of an indented block from the one that begins with `first` on, without their indentation, up to a line that is neither
/// indented nor empty.
std::string block_from(const std::string& first) {
  std::ifstream in(std::string(MJ_SOURCE_DIR) + "/docs/formats/evidence-log.md");
  constexpr std::string_view kIndent = "    ";
  std::string text;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    const bool indented = line.starts_with(kIndent);
    if (!inside) inside = indented && line.substr(kIndent.size()).starts_with(first);
    if (!inside) continue;
    if (!indented && !line.empty()) break;
    text += indented ? line.substr(kIndent.size()) : line;
    text += '\n';
  }
  return text;
}

TEST(Document, TheExampleOfAKeyringIsOne) {
  const auto ring = KeyRing::parse(block_from("at genesis"));
  ASSERT_TRUE(ring) << ring.error().text();
  EXPECT_EQ(ring->newest().origin, "mingjian.example/log");
  // GB/T 32918.5-2017 annex A and RFC 8032 §7.1 tests 1 and 2.
  EXPECT_EQ(to_hex(ring->newest().keys[0].public_key),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(to_hex(ring->newest().keys[1].public_key),
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
            "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13");
  EXPECT_EQ(to_hex(ring->newest().recovery->public_key),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
}

TEST(Document, TheExampleOfACheckpointIsSignedByTheKeysOfTheKeyring) {
  const auto ring = KeyRing::parse(block_from("at genesis"));
  ASSERT_TRUE(ring);
  std::string note = block_from("mingjian.example/log");
  // The block begins with the two keys.
  note.erase(0, note.find("\n\n") + 2);
  while (note.ends_with("\n\n")) note.pop_back();
  const auto opened = open_checkpoint(note, *ring);
  ASSERT_TRUE(opened) << opened.error().text() << '\n' << note;
  TreeEdge sha256;
  TreeEdge sm3(HashAlgorithm::sm3);
  for (const std::string_view leaf :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}) {
    const auto ignore = [](NodeId, const Digest&) {};
    sha256.append(leaf_hash(*from_hex(leaf)), ignore);
    sm3.append(leaf_hash(*from_hex(leaf), HashAlgorithm::sm3), ignore);
  }
  EXPECT_EQ(opened->root, sha256.root());
  EXPECT_EQ(opened->sm3_root, sm3.root());
}

}  // namespace
}  // namespace mj::evidence_format
