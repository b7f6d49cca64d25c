#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_check.hpp"
#include "mj/bundle/verify.hpp"
#include "mj/evidence_format/big_endian.hpp"
#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/proof.hpp"
#include "station.hpp"

namespace mj::api::test {
namespace {

using evidence_format::HashAlgorithm;
using testing::HasSubstr;
using testing::IsEmpty;

class EvidenceTest : public testing::Test {
 protected:
  Reply get(std::string_view target) { return test::get(station.port(), target); }
  std::uint64_t send(int minute) {
    return station.feed(kSourceMn, upload(kSourceMn, "32", "2011", fmt::format("2026030111{:02}00", minute),
                                          fmt::format("w01018-Rtd={}.50,w01018-Flag=N", 20 + minute)));
  }
  static Digest digest(const Json& hex) {
    Digest result{};
    const Bytes bytes = from_hex(hex.get<std::string>()).value();
    std::copy(bytes.begin(), bytes.end(), result.begin());
    return result;
  }
  static std::vector<Digest> digests(const Json& list) {
    std::vector<Digest> result;
    for (const Json& hex : list) result.push_back(digest(hex));
    return result;
  }

  Contract contract;
  Station station;
};

TEST_F(EvidenceTest, TheStateOfTheLogKeepsTheContract) {
  send(1);
  const Json evidence = get("/api/evidence").json();
  EXPECT_THAT(contract.faults(evidence, "Evidence"), IsEmpty());
  EXPECT_EQ(evidence["entries"], 1);
  EXPECT_EQ(evidence["keys"].size(), 1U);
  EXPECT_EQ(evidence["keys"][0]["action"], "create");
  EXPECT_TRUE(evidence["witnessed"].is_null()) << "no witness is configured";
  EXPECT_EQ(evidence["refused"], false);
}

/// A client of c2sp.org/tlog-tiles that knows nothing but the prefix: it recomputes the root from tiles and entries.
TEST_F(EvidenceTest, AClientOfTheTilesRebuildsTheSignedRoots) {
  constexpr int kFrames = 300;  // more than one tile
  for (int i = 0; i < kFrames; ++i) station.append(kSourceMn, fmt::format("##0004{:04}0000\r\n", i));
  station.settle();
  ASSERT_TRUE(station.log->checkpoint().has_value());

  const auto ring = evidence_format::KeyRing::parse(get("/keyring").body);
  ASSERT_TRUE(ring.has_value()) << ring.error().text();
  const Reply note = get("/checkpoint");
  EXPECT_EQ(note.header("Content-Type"), "text/plain; charset=utf-8");
  const auto checkpoint = evidence_format::open_checkpoint(note.body, ring->newest().keys);
  ASSERT_TRUE(checkpoint.has_value()) << checkpoint.error().text();
  ASSERT_EQ(checkpoint->size, kFrames);

  for (const HashAlgorithm algorithm : evidence_format::kHashAlgorithms) {
    evidence_format::TreeEdge edge(algorithm);
    std::string leaves;
    for (const auto& [path, width] : {std::pair("000", 256U), std::pair("001.p/44", 44U)}) {
      const Reply bundle = get(fmt::format("/tile/entries/{}", path));
      ASSERT_EQ(bundle.status, 200) << bundle.body;
      EXPECT_THAT(bundle.header("Cache-Control"), HasSubstr("immutable"));
      EXPECT_EQ(bundle.header("Content-Type"), "application/octet-stream");
      BytesView rest = as_bytes(bundle.body);
      for (unsigned i = 0; i < width; ++i) {
        ASSERT_GE(rest.size(), 2U);
        const auto length = evidence_format::get_be<std::uint16_t>(rest);
        const Digest leaf = evidence_format::leaf_hash(rest.subspan(2, length), algorithm);
        leaves += as_text(leaf);
        edge.append(leaf, [](auto&&...) {});
        rest = rest.subspan(2 + length);
      }
      EXPECT_TRUE(rest.empty());
    }
    const bool sm3 = algorithm == HashAlgorithm::sm3;
    EXPECT_EQ(edge.root(), sm3 ? *checkpoint->sm3_root : checkpoint->root);
    const std::string prefix = sm3 ? "/sm3/tile" : "/tile";
    EXPECT_EQ(get(prefix + "/0/000").body + get(prefix + "/0/001.p/44").body, leaves);
    EXPECT_EQ(get(prefix + "/1/000.p/1").body.size(), sizeof(Digest));
  }
}

TEST_F(EvidenceTest, ATileThatTheTreeDoesNotHaveIsNotFound) {
  for (int i = 0; i < 3; ++i) station.append(kSourceMn, "##00040000\r\n");
  ASSERT_TRUE(station.log->checkpoint().has_value());
  for (const char* path :
       {"/tile/0/000", "/tile/0/000.p/4", "/tile/0/001.p/1", "/tile/1/000.p/1", "/tile/64/000", "/tile/0/0",
        "/tile/0/x000/001", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/entries/000", "/tile/entries/000.p/03",
        "/sm3/tile/entries/000.p/3", "/tile/", "/tile/0/../0/000.p/3"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(get("/tile/0/000.p/3").status, 200);
  EXPECT_EQ(get("/tile/0/000.p/2").status, 200) << "a smaller tree had it";
}

TEST_F(EvidenceTest, ASmallerTreeIsShownToBeAPrefix) {
  for (int i = 0; i < 21; ++i) station.append(kSourceMn, fmt::format("##0004{:04}0000\r\n", i));
  const Json proof = get("/api/evidence/consistency?from=13&to=21").json();
  EXPECT_THAT(contract.faults(proof, "Consistency"), IsEmpty());
  EXPECT_TRUE(evidence_format::check_consistency(13, digest(proof["from_root"]), 21, digest(proof["to_root"]),
                                                 digests(proof["path"])));
  EXPECT_TRUE(evidence_format::check_consistency(13, digest(proof["from_sm3_root"]), 21,
                                                 digest(proof["to_sm3_root"]), digests(proof["sm3_path"]),
                                                 HashAlgorithm::sm3));
  EXPECT_FALSE(evidence_format::check_consistency(12, digest(proof["from_root"]), 21, digest(proof["to_root"]),
                                                  digests(proof["path"])));
  EXPECT_EQ(get("/api/evidence/consistency?from=21&to=13").status, 400);
  EXPECT_EQ(get("/api/evidence/consistency?from=1").status, 400);
  EXPECT_EQ(get("/api/evidence/consistency?from=1&to=22").status, 404);
}

TEST_F(EvidenceTest, EntriesOfEveryTypeAreListedNewestFirstAndShownWhole) {
  const std::uint64_t frame = send(1);
  station.feed("", "GET / HTTP/1.0\r\n", evidence_format::EntryType::junk);
  const std::uint64_t second = send(2);
  const Json all = get("/api/evidence/entries").json();
  EXPECT_THAT(contract.faults_of_each(all, "EntryLine"), IsEmpty());
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]["entry"], second);
  EXPECT_EQ(all[1]["type"], "junk");
  const Json of_device = get(fmt::format("/api/evidence/entries?device={}", kSourceMn)).json();
  ASSERT_EQ(of_device.size(), 2U);
  EXPECT_EQ(of_device[0]["entry"], second);
  EXPECT_EQ(of_device[1]["entry"], frame);
  EXPECT_EQ(get(fmt::format("/api/evidence/entries?before={}&limit=1", second)).json()[0]["type"], "junk");

  const Json entry = get(fmt::format("/api/evidence/entries/{}", second)).json();
  EXPECT_THAT(contract.faults(entry, "EntryDetail"), IsEmpty());
  EXPECT_EQ(entry["sequence"], 1) << "the second of its device";
  const Bytes encoded = from_base64(entry["entry_base64"].get<std::string>()).value();
  EXPECT_EQ(entry["leaf"], to_hex(evidence_format::leaf_hash(encoded)));
  EXPECT_EQ(entry["sm3_leaf"], to_hex(evidence_format::leaf_hash(encoded, HashAlgorithm::sm3)));
  EXPECT_EQ(get("/api/evidence/entries/99").status, 404);
}

TEST_F(EvidenceTest, AfterARotationOldAndNewProofsHold) {
  const std::uint64_t before = send(1);
  const Json old_proof = get(fmt::format("/api/frames/{}/proof", before)).json();
  const Reply refused = post(station.port(), "/api/evidence/keys/rotate", R"({"name":" ","reason":"年度轮换"})");
  EXPECT_EQ(refused.status, 400);
  const Json rotated =
      post(station.port(), "/api/evidence/keys/rotate", R"({"name":"值班员甲","reason":"年度轮换"})").json();
  EXPECT_THAT(contract.faults(rotated, "Evidence"), IsEmpty());
  ASSERT_EQ(rotated["keys"].size(), 2U);
  EXPECT_EQ(rotated["keys"][1]["by"], "值班员甲");
  EXPECT_EQ(rotated["keys"][1]["in_force"], true);
  const std::uint64_t after = send(2);
  const Json new_proof = get(fmt::format("/api/frames/{}/proof", after)).json();
  EXPECT_NE(new_proof["keys"], old_proof["keys"]);
  const auto ring = evidence_format::KeyRing::parse(get("/keyring").body).value();
  for (const Json& proof : {old_proof, new_proof}) {
    const auto& keys = ring.at_size(proof["size"].get<std::uint64_t>()).keys;
    EXPECT_TRUE(evidence_format::open_checkpoint(proof["checkpoint"].get<std::string>(), keys));
  }
  EXPECT_FALSE(evidence_format::open_checkpoint(new_proof["checkpoint"].get<std::string>(),
                                                ring.members().front().statement.keys))
      << "signed by keys that are no longer in force";
}

TEST_F(EvidenceTest, AFigureOnTheScreenIsProvenByItsBundle) {
  send(1);
  const Json latest = get("/api/points/outlet-1").json()["latest"][0];
  const std::string figure = latest["figure"].get<std::string>();
  EXPECT_EQ(figure, fmt::format("value/{}/32/2011/w01018/Rtd/20260301110100", kSourceMn));
  const Reply bundle = get(fmt::format("/api/evidence/bundle?figure={}", figure));
  ASSERT_EQ(bundle.status, 200) << bundle.body;
  EXPECT_THAT(bundle.header("Content-Disposition"), HasSubstr(".mjbundle.json"));
  const auto trust = bundle::Trust::parse(get("/trust").body);
  ASSERT_TRUE(trust.has_value()) << trust.error().text();
  const bundle::Verdict verdict = bundle::verify(bundle.body, *trust);
  EXPECT_TRUE(verdict.ok);
  EXPECT_TRUE(verdict.trusted);
  EXPECT_THAT(verdict.value, HasSubstr("21.50"));
  EXPECT_EQ(get("/api/evidence/bundle?figure=value/none").status, 400);
  EXPECT_EQ(get("/api/evidence/bundle").status, 400);
}

/// HJ 633: the index of an hour needs all six pollutants; without one there is no grade, and nothing to prove.
TEST_F(EvidenceTest, AGradeHasABundleAndAnHourWithoutAGradeHasNone) {
  const std::string five = "a34004-Avg=20,a21026-Avg=0.009,a21004-Avg=0.030,a21005-Avg=0.6,a05024-Avg=60";
  station.feed(kAirMn, upload(kAirMn, "22", "2061", "20260301090000", five + ",a34002-Avg=40"));
  const Json graded = get("/api/points/air-1").json()["point"]["state"];
  ASSERT_TRUE(graded["figure"].is_string()) << graded;
  EXPECT_EQ(get(fmt::format("/api/evidence/bundle?figure={}", graded["figure"].get<std::string>())).status, 200);
  station.feed(kAirMn, upload(kAirMn, "22", "2061", "20260301110000", five));
  const Json ungraded = get("/api/points/air-1").json()["point"]["state"];
  EXPECT_EQ(ungraded["grade"], "unknown");
  EXPECT_TRUE(ungraded["figure"].is_null()) << ungraded;
}

TEST_F(EvidenceTest, AGapIsExplainedByAPersonAndTheExplanationIsEvidence) {
  send(1);
  const std::string target = fmt::format("/api/devices/{}/explanations", kSourceMn);
  const Reply reply = post(
      station.port(), target,
      R"({"from":"2026-03-01T09:00:00+08:00","to":"2026-03-01T10:00:00+08:00","name":"值班员甲","reason":"停电"})");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(contract.faults(reply.json(), "Explanation"), IsEmpty());
  station.settle();
  const Json listed = get(target).json();
  EXPECT_THAT(contract.faults_of_each(listed, "Explanation"), IsEmpty());
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0]["reason"], "停电");
  const Json entry = get(fmt::format("/api/evidence/entries/{}", listed[0]["entry"].get<std::uint64_t>())).json();
  EXPECT_EQ(entry["line"]["type"], "decision");
  EXPECT_EQ(post(station.port(), target, R"({"from":"x","to":"y","name":"a","reason":"b"})").status, 400);
}

}  // namespace
}  // namespace mj::api::test
