#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "filled_log.hpp"
#include "mj/evidence_format/big_endian.hpp"
#include "mj/evidence_format/proof.hpp"

namespace mj::evidence {
namespace {

using evidence_format::HashAlgorithm;
using evidence_format::Tile;

Bytes encoded(std::uint64_t n) {
  const TestEntry test(n);
  Bytes bytes;
  if (!evidence_format::encode(test.entry, bytes)) std::abort();
  return bytes;
}

/// MTH of RFC 6962 §2.1 over entries [first, last), word for word.
Digest naive_root(std::uint64_t first, std::uint64_t last, HashAlgorithm algorithm) {
  if (first == last) return evidence_format::empty_root(algorithm);
  if (last - first == 1) return evidence_format::leaf_hash(encoded(first), algorithm);
  std::uint64_t k = 1;
  while (2 * k < last - first) k *= 2;
  return evidence_format::node_hash(naive_root(first, first + k, algorithm),
                                    naive_root(first + k, last, algorithm), algorithm);
}

constexpr std::uint64_t kEntries = 70'000 / 100 + 73;  // more than three tiles, and a ragged edge

class Proofs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    scratch = std::make_unique<ScratchDirectory>();
    log = filled_log(scratch->log(), kEntries, 30'000, 50);
  }
  static void TearDownTestSuite() {
    log.reset();
    scratch.reset();
  }
  static std::unique_ptr<ScratchDirectory> scratch;
  static std::unique_ptr<Log> log;
};
std::unique_ptr<ScratchDirectory> Proofs::scratch;
std::unique_ptr<Log> Proofs::log;

TEST_F(Proofs, TheCheckpointOfEverySizeIsThatOfTheRfc) {
  for (const std::uint64_t size : std::vector<std::uint64_t>{0, 1, 2, 3, 255, 256, 257, 512, 700, kEntries}) {
    const auto made = log->checkpoint_at(size);
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(made->root, naive_root(0, size, HashAlgorithm::sha256)) << size;
    EXPECT_EQ(made->sm3_root, naive_root(0, size, HashAlgorithm::sm3)) << size;
  }
  EXPECT_EQ(log->checkpoint_at(kEntries + 1).error().code(), ErrorCode::not_found);
}

TEST_F(Proofs, PathsLeadToBothRootsOfEverySizeAlsoASecondTime) {
  for (int again = 0; again < 2; ++again) {
    for (const std::uint64_t size : std::vector<std::uint64_t>{1, 2, 257, 600, kEntries}) {
      const auto over = log->checkpoint_at(size);
      ASSERT_TRUE(over);
      for (std::uint64_t index = 0; index < size; index += 1 + size / 23) {
        const auto path = log->path(EntryIndex(index), size);
        ASSERT_TRUE(path) << path.error().text();
        EXPECT_EQ(path->leaf, evidence_format::leaf_hash(encoded(index)));
        EXPECT_EQ(*evidence_format::root_from_inclusion(index, size, path->leaf, path->path), over->root);
        EXPECT_EQ(
            *evidence_format::root_from_inclusion(index, size, path->sm3_leaf, path->sm3_path, HashAlgorithm::sm3),
            over->sm3_root);
      }
      EXPECT_EQ(log->path(EntryIndex(size), size).error().code(), ErrorCode::not_found);
    }
  }
  EXPECT_EQ(log->path(EntryIndex(0), kEntries + 1).error().code(), ErrorCode::not_found);
}

TEST_F(Proofs, EverySizeIsConsistentWithEveryLargerOne) {
  const std::vector<std::uint64_t> sizes{0, 1, 2, 255, 256, 257, 500, 512, kEntries - 1, kEntries};
  for (const std::uint64_t old_size : sizes) {
    for (const std::uint64_t new_size : sizes) {
      const auto proof = log->consistency(old_size, new_size);
      if (old_size > new_size) {
        EXPECT_EQ(proof.error().code(), ErrorCode::not_found);
        continue;
      }
      ASSERT_TRUE(proof) << proof.error().text();
      const auto first = *log->checkpoint_at(old_size);
      const auto second = *log->checkpoint_at(new_size);
      EXPECT_TRUE(evidence_format::check_consistency(old_size, first.root, new_size, second.root, proof->sha256));
      EXPECT_TRUE(evidence_format::check_consistency(old_size, *first.sm3_root, new_size, *second.sm3_root,
                                                     proof->sm3, HashAlgorithm::sm3));
    }
  }
  EXPECT_EQ(log->consistency(1, kEntries + 1).error().code(), ErrorCode::not_found);
}

TEST_F(Proofs, ACommonProofLeadsFromManyEntriesToBothRoots) {
  const std::vector<std::uint64_t> indices{0, 1, 17, 255, 256, 300, 511, kEntries - 1};
  const auto proof = log->common_proof(indices, kEntries);
  ASSERT_TRUE(proof) << proof.error().text();
  std::vector<evidence_format::PlacedLeaf> leaves;
  std::vector<evidence_format::PlacedLeaf> sm3_leaves;
  for (const std::uint64_t index : indices) {
    leaves.push_back({index, evidence_format::leaf_hash(encoded(index))});
    sm3_leaves.push_back({index, evidence_format::leaf_hash(encoded(index), HashAlgorithm::sm3)});
  }
  const auto over = *log->checkpoint_at(kEntries);
  EXPECT_EQ(*evidence_format::root_from_common_proof(kEntries, leaves, proof->sha256), over.root);
  EXPECT_EQ(*evidence_format::root_from_common_proof(kEntries, sm3_leaves, proof->sm3, HashAlgorithm::sm3),
            over.sm3_root);
  EXPECT_EQ(log->common_proof(std::vector<std::uint64_t>{kEntries}, kEntries).error().code(),
            ErrorCode::not_found);
  EXPECT_EQ(log->common_proof(std::vector<std::uint64_t>{3, 3}, kEntries).error().code(),
            ErrorCode::invalid_input);
}

TEST_F(Proofs, TilesAreThoseOfTheSpecificationAtEveryWidth) {
  const auto leaf_at = [](std::uint64_t n, HashAlgorithm algorithm) {
    return evidence_format::leaf_hash(encoded(n), algorithm);
  };
  for (const Tile& tile : {Tile{0, 0, 256}, Tile{0, 2, 256}, Tile{0, 3, 5}, Tile{0, 1, 1}, Tile{0, 1, 255}}) {
    const auto bytes = log->tile(tile);
    ASSERT_TRUE(bytes) << tile.path() << ": " << bytes.error().text();
    const auto sm3 = log->sm3_tile(tile);
    ASSERT_TRUE(sm3);
    ASSERT_EQ(bytes->size(), tile.width * 32U);
    ASSERT_EQ(sm3->size(), tile.width * 32U);
    for (std::uint64_t i = 0; i < tile.width; i += 37) {
      EXPECT_EQ(as_text(BytesView(*bytes).subspan(i * 32, 32)),
                as_text(leaf_at(tile.index * 256 + i, HashAlgorithm::sha256)));
      EXPECT_EQ(as_text(BytesView(*sm3).subspan(i * 32, 32)),
                as_text(leaf_at(tile.index * 256 + i, HashAlgorithm::sm3)));
    }
  }
  // Level 1: roots of whole tiles below.
  const auto above = log->tile(Tile{1, 0, 3});
  ASSERT_TRUE(above) << above.error().text();
  for (std::uint64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(as_text(BytesView(*above).subspan(i * 32, 32)),
              as_text(naive_root(i * 256, (i + 1) * 256, HashAlgorithm::sha256)));
  }
  for (const Tile& tile :
       {Tile{0, 3, 256}, Tile{0, 3, 6}, Tile{0, 4, 1}, Tile{1, 0, 4}, Tile{1, 1, 1}, Tile{2, 0, 1}, Tile{63, 0, 1},
        Tile{0, UINT64_MAX, 256}, Tile{0, 0, 0}, Tile{std::nullopt, 4, 1}}) {
    EXPECT_EQ(log->tile(tile).error().code(), ErrorCode::not_found) << tile.path();
  }
  EXPECT_EQ(log->sm3_tile(Tile{std::nullopt, 0, 256}).error().code(), ErrorCode::not_found);
}

TEST_F(Proofs, EntryBundlesHoldTheEntriesWithTheirLengths) {
  for (const Tile& tile : {Tile{std::nullopt, 0, 256}, Tile{std::nullopt, 3, 5}, Tile{std::nullopt, 1, 100}}) {
    const auto bundle = log->tile(tile);
    ASSERT_TRUE(bundle) << bundle.error().text();
    BytesView rest = *bundle;
    for (std::uint64_t i = 0; i < tile.width; ++i) {
      const Bytes expected = encoded(tile.index * 256 + i);
      ASSERT_GE(rest.size(), 2U + expected.size());
      ASSERT_EQ(evidence_format::get_be<std::uint16_t>(rest), expected.size());
      ASSERT_EQ(as_text(rest.subspan(2, expected.size())), as_text(expected));
      rest = rest.subspan(2 + expected.size());
    }
    EXPECT_TRUE(rest.empty());
  }
}

TEST(ProofsOfAGrowingLog, TilesEndWhereTheNewestSignedCheckpointEnds) {
  const ScratchDirectory scratch;
  LogOptions options;
  options.checkpoint_interval_ms = 3'600'000;
  const auto log = *Log::open(scratch.log(), options);
  for (std::uint64_t n = 0; n < 5; ++n) {
    const TestEntry test(n);
    ASSERT_TRUE(log->append_and_wait(test.entry));
  }
  EXPECT_FALSE(log->tile(Tile{0, 0, 1})) << "nothing is signed yet";
  ASSERT_TRUE(log->checkpoint());
  const TestEntry test(5);
  ASSERT_TRUE(log->append_and_wait(test.entry));
  EXPECT_TRUE(log->tile(Tile{0, 0, 5}));
  EXPECT_TRUE(log->tile(Tile{0, 0, 3})) << "of an older checkpoint";
  EXPECT_FALSE(log->tile(Tile{0, 0, 6}));
}

}  // namespace
}  // namespace mj::evidence
