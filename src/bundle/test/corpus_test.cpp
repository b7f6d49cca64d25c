#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "corpus_cases.hpp"

namespace mj::bundle::test {
namespace {

using nlohmann::json;

std::filesystem::path corpus_folder() { return std::filesystem::path(MJ_SOURCE_DIR) / "tests/corpus/bundles"; }

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::map<std::string, Check::Outcome> outcomes_of(const Verdict& verdict) {
  std::map<std::string, Check::Outcome> outcomes;
  for (const Check& check : verdict.checks) outcomes[check.id] = check.outcome;
  return outcomes;
}

std::string described(const std::map<std::string, Check::Outcome>& outcomes) {
  std::string text;
  for (const auto& [id, outcome] : outcomes) text += fmt::format("{} {}\n", id, word(outcome));
  return text;
}

std::string texts_of(const Verdict& verdict) {
  std::string text;
  for (const Check& check : verdict.checks) text += fmt::format("{}: {}\n", check.id, check.text);
  return text;
}

const Corpus& corpus() {
  static const Corpus cases;
  return cases;
}

TEST(Corpus, EveryCaseFailsExactlyTheChecksItWasMadeToFail) {
  for (const Case& c : corpus().cases()) {
    const auto trust = Trust::parse(c.trust);
    ASSERT_TRUE(trust) << c.name << ": " << trust.error().text();
    const Verdict verdict = verify(c.bundle, *trust);
    EXPECT_EQ(described(outcomes_of(verdict)), described(expected(c))) << c.name << "\n" << texts_of(verdict);
    EXPECT_EQ(verdict.ok, c.failed.empty()) << c.name;
    EXPECT_EQ(c.name.starts_with("good-"), c.failed.empty()) << c.name;
    ASSERT_EQ(verdict.checks.size(), kAllChecks.size());
    for (std::size_t i = 0; i < kAllChecks.size(); ++i) EXPECT_EQ(verdict.checks[i].id, kAllChecks[i]);
  }
}

TEST(Corpus, NamesAreDifferent) {
  std::map<std::string, int> count;
  for (const Case& c : corpus().cases()) EXPECT_EQ(++count[c.name], 1) << c.name;
}

json index_line(const Case& c) {
  const Verdict verdict = verify(c.bundle, *Trust::parse(c.trust));
  json checks = json::object();
  for (const auto& [id, outcome] : expected(c)) checks[id] = word(outcome);
  return {{"file", c.name + ".mjbundle.json"},
          {"trust", c.trust.empty() ? json(nullptr) : json(c.name + ".trust")},
          {"ok", c.failed.empty()},
          {"trusted", verdict.trusted},
          {"subject", verdict.subject},
          {"value", verdict.value},
          {"checks", std::move(checks)}};
}

/// Not a test: with MJ_WRITE_BUNDLES=1 the corpus is written anew. Signatures of SM2 are random, so files differ in them each time.
TEST(Corpus, IsWrittenWhenAskedFor) {
  if (std::getenv("MJ_WRITE_BUNDLES") == nullptr)
    GTEST_SKIP() << "set MJ_WRITE_BUNDLES=1 to write tests/corpus/bundles";
  std::filesystem::create_directories(corpus_folder());
  for (const auto& file : std::filesystem::directory_iterator(corpus_folder())) {
    if (file.path().extension() != ".md") std::filesystem::remove(file.path());
  }
  json index = json::array();
  for (const Case& c : corpus().cases()) {
    if (c.bundle.size() > 200'000) continue;  // limits are tried in memory only
    std::ofstream(corpus_folder() / (c.name + ".mjbundle.json"), std::ios::binary) << c.bundle;
    if (!c.trust.empty()) std::ofstream(corpus_folder() / (c.name + ".trust"), std::ios::binary) << c.trust;
    index.push_back(index_line(c));
  }
  std::ofstream(corpus_folder() / "index.json", std::ios::binary) << index.dump(1) << "\n";
}

TEST(Corpus, TheFilesOfTheCorpusAreJudgedAsTheirIndexSays) {
  const json index = json::parse(read_file(corpus_folder() / "index.json"));
  ASSERT_GT(index.size(), 150U);
  for (const json& line : index) {
    const auto file = line.at("file").get<std::string>();
    const auto trust = line.at("trust").is_null()
                           ? Trust{}
                           : *Trust::parse(read_file(corpus_folder() / line.at("trust").get<std::string>()));
    const Verdict verdict = verify(read_file(corpus_folder() / file), trust);
    std::map<std::string, std::string> wanted = line.at("checks");
    std::map<std::string, std::string> found;
    for (const Check& check : verdict.checks) found[check.id] = word(check.outcome);
    EXPECT_EQ(found, wanted) << file << "\n" << texts_of(verdict);
    EXPECT_EQ(verdict.ok, line.at("ok").get<bool>()) << file;
    EXPECT_EQ(verdict.trusted, line.at("trusted").get<bool>()) << file;
    EXPECT_EQ(verdict.subject, line.at("subject").get<std::string>()) << file;
    EXPECT_EQ(verdict.value, line.at("value").get<std::string>()) << file;
  }
}

}  // namespace
}  // namespace mj::bundle::test
