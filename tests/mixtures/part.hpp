// SPDX-License-Identifier: MIT
// What an object of a mixture offers to the program it is linked into. Includes nothing of nninit.
#ifndef NNINIT_TESTS_MIXTURES_PART_HPP
#define NNINIT_TESTS_MIXTURES_PART_HPP

struct Part {
    const char* name;
    bool exceptions;
    int kinds;                             // the fills it can do
    const char* (*kind)(int);              // their names
    unsigned long long (*hash)(int);       // of the bits that they give
    bool (*path)(int);                     // sets the path 0 .. 3, if the machine has it
    bool (*refuses)(int);                  // with exceptions: whether a refusal was caught here
    void (*refuse)(int);                   // lets it pass, or hands it to the handler
    void (*handle)(void (*)(const char*)); // sets the handler
    Part* next;
};

extern "C" __attribute__((visibility("default"))) void add_part(Part* part);

#endif
