// SPDX-License-Identifier: MIT
// Keeps how weights were made instead of the weights: seed, stream version, rule, shape and name,
// which has no spaces here. Whoever has these lines has the same bits, on any machine, with any
// compiler. Here all are floats of dense layers; else keep scalar type and layer, too.
#include <nninit/nninit.hpp>

#include <iostream>
#include <sstream>

Eigen::MatrixXf remade(const std::string& note) {
    std::istringstream in(note);
    std::uint64_t seed = 0;
    int version = 0;
    Eigen::Index rows = 0, cols = 0;
    std::string name, rule;
    in >> seed >> version >> name >> rows >> cols >> std::ws;
    std::getline(in, rule);
    if (!in) throw std::runtime_error("no note of seed, stream version, name, rows, cols and rule");
    if (version != nninit::stream_version)
        throw std::runtime_error("of another stream version, whose values are not today's");
    return nninit::make<Eigen::MatrixXf>(nninit::by_name(rule), nninit::Philox(seed).stream(name),
                                         rows, cols);
}

int main() {
    const std::uint64_t seed = 42;
    const std::string name = "hidden.weight";
    const nninit::Initializer rule = nninit::by_name("keras:he_normal");
    const auto w = nninit::make<Eigen::MatrixXf>(rule, nninit::Philox(seed).stream(name), 512, 784);

    std::ostringstream note;
    note << seed << ' ' << nninit::stream_version << ' ' << name << ' ' << w.rows() << ' '
         << w.cols() << ' ' << nninit::to_string(rule);
    std::cout << "note: " << note.str() << "\nthat is " << note.str().size() << " bytes for "
              << static_cast<std::size_t>(w.size()) * sizeof(float) << '\n';

    const Eigen::MatrixXf again = remade(note.str());
    const bool same = again == w;
    std::cout << "weights made again from it: " << (same ? "the same bits\n" : "OTHERS\n");

    bool refused = false;
    try {
        static_cast<void>(remade("42 1 hidden.weight 512 784 he_normal"));
    } catch (const std::exception& error) {
        std::cout << "a note of version 1: " << error.what() << '\n';
        refused = true;
    }
    return same && refused ? 0 : 1;
}
