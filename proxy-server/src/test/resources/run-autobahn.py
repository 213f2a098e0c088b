# Runs Autobahn's fuzzing client and writes one line a server and case: agent, case, behaviour, behaviour at the close,
# close code. Its own report is hundreds of pages, and for people. Arguments: the specification, the file to write.
import json
import sys

from autobahntestsuite import fuzzing, wstest


def report(self):
    with open(sys.argv[2], 'w') as out:
        for agent, cases in self.agents.items():
            for index, case in cases.items():
                words = [agent, case['id'], case['behavior'], case['behaviorClose'], case['remoteCloseCode']]
                out.write('\t'.join(str(word) for word in words) + '\n')


fuzzing.FuzzingFactory.createReports = report
wstest.start({'mode': 'fuzzingclient'}, json.load(open(sys.argv[1])))
