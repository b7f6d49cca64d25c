#include "mj/evidence_format/note.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mj::evidence_format {
namespace {

using testing::HasSubstr;

// c2sp.org/signed-note, "Example".
constexpr std::string_view kSpecKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr std::string_view kSpecNote =
    "This is an example message.\n"
    "\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
// c2sp.org/signed-note, first example; its key is not given there.
constexpr std::string_view kPoem =
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

TEST(Note, TheExampleOfTheSpecificationIsValid) {
  const auto note = Note::parse(kSpecNote);
  ASSERT_TRUE(note) << note.error().text();
  const auto signature = note->signature_of(*VerifierKey::parse(kSpecKey));
  ASSERT_TRUE(signature) << signature.error().text();
  EXPECT_TRUE(*signature);
  EXPECT_EQ(note->str(), kSpecNote);
}

TEST(Note, AnEmptyLineMayStandInTheText) {
  const auto note = Note::parse(kPoem);
  ASSERT_TRUE(note) << note.error().text();
  EXPECT_THAT(note->text, HasSubstr("sole:\n\ned"));
  EXPECT_EQ(note->str(), kPoem);
  const auto signature = note->signature_of(*VerifierKey::parse(kSpecKey));
  ASSERT_TRUE(signature);
  EXPECT_FALSE(*signature) << "an unknown key is passed over";
}

TEST(Note, TheExampleOfTheGoNotePackageIsValid) {
  const auto note = Note::parse(
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n"
      "\n"
      "— PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
  ASSERT_TRUE(note);
  const auto key = VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const auto signature = note->signature_of(*key);
  ASSERT_TRUE(signature) << signature.error().text();
  EXPECT_TRUE(*signature);
}

TEST(Note, EveryFlippedBitIsRefused) {
  const VerifierKey key = *VerifierKey::parse(kSpecKey);
  for (std::size_t bit = 0; bit < kSpecNote.size() * 8; ++bit) {
    std::string changed(kSpecNote);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const auto note = Note::parse(changed);
    if (!note) continue;
    const auto signature = note->signature_of(key);
    ASSERT_FALSE(signature && *signature) << "bit " << bit;
  }
}

TEST(Note, AWrongSignatureOfAKnownKeyIsRefusedBesideARightOne) {
  auto note = *Note::parse(kSpecNote);
  Note::Signature wrong = note.signatures.front();
  wrong.bytes.back() ^= std::byte{1};
  note.signatures.push_back(wrong);
  EXPECT_FALSE(note.signature_of(*VerifierKey::parse(kSpecKey)));
  // Of another name or id it is somebody else's.
  note.signatures.back().id += 1;
  EXPECT_TRUE(note.signature_of(*VerifierKey::parse(kSpecKey)));
}

TEST(Note, WhatIsNoNoteIsRefused) {
  const std::string good(kSpecNote);
  const std::string line = good.substr(good.find("\u2014"));
  for (const std::string& text :
       {std::string(), std::string("\n\n"), good.substr(0, good.size() - 1), good + "\n", good + "\u2014 noise\n",
        std::string("text\n\n"), std::string("text\n") + line, "te\txt\n\n" + line, "te\xC0\xAF\n\n" + line,
        "te\xED\xA0\x80\n\n" + line, "te\xE2\x80\n\n" + line, std::string("text\n\n\u2014 a AAAA\n"),
        std::string("text\n\n\u2014  AAAAAAAA\n"), std::string("text\n\n- a AAAAAAAA\n")}) {
    EXPECT_FALSE(Note::parse(text)) << text;
  }
  std::string many = "text\n\n";
  for (int i = 0; i < 64; ++i) many += fmt::format("\u2014 n{} AAAAAAAA\n", i);
  EXPECT_TRUE(Note::parse(many));
  EXPECT_FALSE(Note::parse(many + "\u2014 one-too-many AAAAAAAA\n"));
  EXPECT_FALSE(Note::parse(std::string(1U << 20U, 'x') + "\n\n" + line));
}

}  // namespace
}  // namespace mj::evidence_format
