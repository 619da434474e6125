// SPDX-License-Identifier: MIT
#ifndef DIGITS_CHECKPOINT_HPP
#define DIGITS_CHECKPOINT_HPP

#include "file.hpp"

#include <nninit/philox.hpp>

#include <Eigen/Core>
#include <cstring>
#include <filesystem>

namespace digits {

/// All that training changes: with it, a run goes on as if it had not been interrupted.
struct State {
    Eigen::VectorXf weights, velocity;
    nninit::Philox shuffle;
    int epoch = 0;
};

inline constexpr std::string_view magic = "nninit digits checkpoint 1\n";

/// The magic line, a line of what the run is of, a line of epoch and engine, the numbers as they
/// lie in memory, and a hash of all that. As the hash is in the machine's byte order too, the
/// numbers of a machine of another order are refused.
inline void save(const std::string& path, const std::string& run, const State& state) {
    std::ostringstream text;
    text << magic << run << '\n' << state.epoch << ' ' << state.shuffle << '\n';
    std::string bytes = text.str();
    const auto append = [&](const auto* data, std::size_t size) {
        bytes.append(reinterpret_cast<const char*>(data), size);
    };
    for (const Eigen::VectorXf* v : {&state.weights, &state.velocity})
        append(v->data(), static_cast<std::size_t>(v->size()) * sizeof(float));
    const std::uint64_t sum = hash(bytes);
    append(&sum, sizeof sum);

    // Renamed when it is whole, so that a crash of the program leaves the checkpoint before.
    const std::string part = path + ".part";
    std::ofstream out(part, std::ios::binary);
    out << bytes;
    out.close();
    if (!out) fail(part, "cannot be written");
    std::filesystem::rename(part, path);
}

/// `state` has the sizes that are expected.
inline void load(const std::string& path, const std::string& run, State& state) {
    const std::string bytes = read_file(path);
    if (!bytes.starts_with(magic)) fail(path, "is not a checkpoint of this program");
    std::uint64_t sum = 0;
    const std::size_t end = bytes.size() - sizeof sum;
    std::memcpy(&sum, bytes.data() + end, sizeof sum);
    if (sum != hash(std::string_view(bytes).substr(0, end)))
        fail(path, "is cut short or damaged; train again without --resume");

    std::istringstream in(bytes.substr(0, end));
    in.ignore(magic.size());
    std::string of;
    std::getline(in, of);
    if (of != run) fail(path, "is of another run: " + of + ", but this is " + run);
    in >> state.epoch >> state.shuffle;
    in.ignore();
    for (Eigen::VectorXf* v : {&state.weights, &state.velocity})
        in.read(reinterpret_cast<char*>(v->data()),
                static_cast<std::streamsize>(static_cast<std::size_t>(v->size()) * sizeof(float)));
    if (!in || in.peek() != std::istringstream::traits_type::eof())
        fail(path, "does not have the length that it should have");
}

} // namespace digits

#endif
